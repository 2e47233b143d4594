using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What two processes promise that share one database and find the same promotions open.</summary>
[Needs("postgres")]
public sealed class SharedPromotionTests
{
    private const int Promotions = 12;

    [Promise]
    public async Task Each_promotion_is_completed_once_whichever_process_gets_to_it()
    {
        await using var fresh = await Fresh.PostgresAsync();
        await using var one = await SlipwayProcess.StartAsync(fresh);
        await using var other = await SlipwayProcess.StartAsync(fresh);
        using var nobody = new WireClient(one.Address);
        using var elsewhere = new WireClient(other.Address);
        var yard = await Yard.OpenAsync(nobody, """
            pipeline: iris
            models: iris
            stages:
              - name: Staging
                archive_existing: false
                gates:
                  metrics: {accuracy: {min: 0.85}}
            """);
        var asked = new List<(Built Version, long Promotion)>();
        for (var i = 0; i < Promotions; i++)
        {
            var version = await yard.BuildAsync(0.1);
            asked.Add((version, await version.AskAsync("Staging")));
        }

        // Metrics nudge nobody: both processes find them at their next look, and each is asked to look by a reader too.
        foreach (var (version, _) in asked)
        {
            await version.LogAsync("accuracy", 0.9);
        }

        await Task.WhenAll(asked.Select(async item => Assert.Equal("completed", (await yard.UntilAsync(item.Promotion, "completed"))["state"]!.GetValue<string>())));
        Assert.Equal("3", (await elsewhere.As("root").GetAsync("model-versions/get", ("name", "iris"), ("version", "3"))).Ok()["model_version"]!["version"]!.GetValue<string>());
        await AssertOnceAsync(fresh);
    }

    private static async Task AssertOnceAsync(Fresh fresh)
    {
        await using var database = await Store.Database.OpenAsync(new Store.DatabaseLocation(fresh.Folder, fresh.Database), TimeProvider.System, CancellationToken.None);
        var counts = await database.ReadAsync(reader => reader.ListAsync($"""
            select (select count(*) from audit where action = 'promotion.complete' and outcome = 'done'), (select count(*) from audit where action = 'promotion.complete'),
                (select count(*) from transitions where to_stage = 'Staging'), (select count(*) from decisions), (select count(*) from promotions where state = 'completed')
            """, row => Enumerable.Range(0, 5).Select(row.GetInt64).ToList(), CancellationToken.None), CancellationToken.None);
        Assert.Equal([Promotions, Promotions, Promotions, Promotions, Promotions], Assert.Single(counts));
    }
}
