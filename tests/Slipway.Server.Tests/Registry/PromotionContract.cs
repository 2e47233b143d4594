using System.Globalization;
using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Registry;

/// <summary>What promotions promise that meet: one version in Production, at every moment, whatever the database.</summary>
public abstract class PromotionContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Production = "Production";

    [PromiseTheory]
    [InlineData(8, 40)]
    [InlineData(16, 20)]
    [InlineData(64, 20)]
    public async Task However_many_promote_at_once_one_version_is_in_Production_at_every_moment(int writers, int rounds)
    {
        await CreateModelAsync("iris");
        var versions = new List<int>();
        for (var i = 0; i < writers; i++)
        {
            versions.Add(await CreateVersionAsync("iris"));
        }

        Assert.Equal(HttpStatusCode.OK, (await PromoteAsync(1)).Status);
        var promotions = Task.WhenAll(versions.Select(version => Task.Run(async () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                Assert.Equal(Production, (await PromoteAsync(version)).Ok()["model_version"]!["current_stage"]!.GetValue<string>());
            }
        })));
        var reads = await ReadUntilAsync(promotions);
        await promotions;

        Assert.True(reads > 5, $"Only {reads} reads fell between the promotions.");
        var winner = Assert.Single(await InProductionAsync());
        Assert.Equal(winner, Assert.Single((await Client.PostAsync("registered-models/get-latest-versions", new { name = "iris", stages = new[] { Production } })).Ok()["model_versions"]!.AsArray())!["version"]!.GetValue<string>());
        Assert.Equal([(writers * rounds + 1).ToString(CultureInfo.InvariantCulture)], await ColumnAsync($"select count(*) from audit where action = 'version.transition' and outcome = 'done'"));
        await AssertHistoryHoldsTogetherAsync();
    }

    [Promise]
    public async Task Without_archiving_all_of_them_stay()
    {
        await CreateModelAsync("iris");
        for (var i = 0; i < 8; i++)
        {
            await CreateVersionAsync("iris");
        }

        await Task.WhenAll(Enumerable.Range(1, 8).Select(async version => (await TransitionAsync(version, Production, archive: false)).Ok()));

        Assert.Equal(8, (await InProductionAsync()).Count);
    }

    [Promise]
    public async Task Aliases_that_are_set_at_once_all_succeed_and_the_alias_points_to_one_version()
    {
        await CreateModelAsync("iris");
        for (var i = 0; i < 16; i++)
        {
            await CreateVersionAsync("iris");
        }

        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(number =>
            Client.PostAsync("registered-models/alias", new { name = "iris", alias = "champion", version = Text(number % 16 + 1) })));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        var version = (await Client.GetAsync("registered-models/alias", ("name", "iris"), ("alias", "champion"))).Ok()["model_version"]!;
        Assert.Equal(["champion"], version["aliases"]!.AsArray().Select(alias => alias!.GetValue<string>()));
        Assert.Single(await ColumnAsync($"select version from model_aliases"));
        var alias = Assert.Single((await Client.GetAsync("registered-models/get", ("name", "iris"))).Ok()["registered_model"]!["aliases"]!.AsArray())!;
        Assert.Equal(version["version"]!.GetValue<string>(), alias["version"]!.GetValue<string>());
    }

    /// <summary>Reads by every way there is, until the promotions are over, and answers how often.</summary>
    private async Task<int> ReadUntilAsync(Task promotions)
    {
        var reads = 0;
        for (; !promotions.IsCompleted; reads++)
        {
            var version = Assert.Single(await InProductionAsync());
            var latest = (await Client.GetAsync("registered-models/get-latest-versions", ("name", "iris"), ("stages", Production))).Ok()["model_versions"]!.AsArray();
            Assert.Equal(Production, Assert.Single(latest)!["current_stage"]!.GetValue<string>());
            Assert.Single(await ColumnAsync($"select version from model_versions where stage = {Production}"));

            // It was there a moment ago: by now it is there, or archived.
            var stage = (await Client.GetAsync("model-versions/get", ("name", "iris"), ("version", version))).Ok()["model_version"]!["current_stage"]!.GetValue<string>();
            Assert.True(stage is Production or "Archived", stage);
        }

        return reads;
    }

    private async Task<List<string>> InProductionAsync() =>
        [.. (await Client.GetAsync("model-versions/search", ("filter", "name = 'iris'"), ("max_results", "1000"))).Ok()["model_versions"]!.AsArray()
            .Where(version => version!["current_stage"]!.GetValue<string>() == Production)
            .Select(version => version!["version"]!.GetValue<string>())];

    // Each version's transitions follow each other, and the last one tells where it is.
    private async Task AssertHistoryHoldsTogetherAsync()
    {
        var transitions = await Database.ReadAsync(reader => reader.ListAsync(
            $"select t.version, t.from_stage, t.to_stage, v.stage from transitions t join model_versions v on v.id = t.version order by t.version, t.seq",
            row => (Version: row.GetInt64(0), From: row.GetString(1), To: row.GetString(2), Now: row.GetString(3)),
            CancellationToken.None), CancellationToken.None);
        foreach (var history in transitions.GroupBy(transition => transition.Version).Select(group => group.ToList()))
        {
            Assert.Equal("None", history[0].From);
            Assert.Equal(history.Select(step => step.To).SkipLast(1), history.Select(step => step.From).Skip(1));
            Assert.Equal(history[^1].Now, history[^1].To);
        }
    }

    private Task<WireReply> PromoteAsync(int version) => TransitionAsync(version, Production, archive: true);

    private Task<WireReply> TransitionAsync(int version, string stage, bool archive) =>
        Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = Text(version), stage, archive_existing_versions = archive });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

public sealed class PromotionOnSqlite() : PromotionContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PromotionOnPostgres() : PromotionContract(Fresh.PostgresAsync);
