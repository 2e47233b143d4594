using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>What is promised to several servers on one PostgreSQL database.</summary>
[Needs("postgres")]
public sealed class SharedDatabaseTests
{
    private const int Writers = 8;

    [Promise]
    public async Task Changes_of_two_stores_make_one_chain_and_no_id_is_given_twice()
    {
        await using var fresh = await Fresh.PostgresAsync();
        await using var one = await OpenStore.OnAsync(() => Task.FromResult(fresh));
        await using var database = await OpenStore.OpenAsync(fresh);
        await using var other = new Changes(database, [], TimeProvider.System);

        var ids = await Task.WhenAll(Enumerable.Range(0, 2 * Writers).Select(writer => Task.Run(async () =>
        {
            var taken = new List<long>();
            for (var i = 0; i < 15; i++)
            {
                taken.Add(await (writer % 2 == 0 ? one.Changes : other).MakeAsync(OpenStore.Somebody, new TakeId(writer), CancellationToken.None));
            }

            return taken;
        })));

        Assert.Equal(Enumerable.Range(1, 2 * Writers * 15).Select(id => (long)id), ids.SelectMany(taken => taken).Order());
        Assert.Equal(new AuditFinding(2 * Writers * 15, null), await one.VerifyAsync());
    }

    [Promise]
    public async Task Versions_that_two_servers_create_side_by_side_are_numbered_without_gap()
    {
        await using var fresh = await Fresh.PostgresAsync();
        await using var one = await SlipwayProcess.StartAsync(fresh);
        await using var folder = await Fresh.SqliteAsync();
        await using var other = await SlipwayProcess.StartAsync(folder, ["--database", fresh.Database!]);
        using var first = new WireClient(one.Address);
        using var second = new WireClient(other.Address);
        (await first.PostAsync("registered-models/create", new { name = "iris" })).Ok();

        var numbers = await Task.WhenAll(Enumerable.Range(0, 2 * Writers).Select(async writer =>
        {
            var mine = new List<int>();
            for (var i = 0; i < 5; i++)
            {
                var version = (await (writer % 2 == 0 ? first : second).PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/iris" })).Ok();
                mine.Add(Number(version["model_version"]!["version"]!));
            }

            Assert.Equal(mine.Order(), mine);
            return mine;
        }));

        Assert.Equal(Enumerable.Range(1, 2 * Writers * 5), numbers.SelectMany(mine => mine).Order());
        await using var database = await OpenStore.OpenAsync(fresh);
        Assert.Null((await AuditVerification.VerifyAsync(database, CancellationToken.None)).Problem);
    }

    private static int Number(JsonNode version) => int.Parse(version.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>Takes an id.</summary>
    private sealed record TakeId(int Writer) : ChangeRequest<long>
    {
        public override string Action => "id.take";

        public override string Resource => $"writers/{Writer}";

        public override Task<long> ApplyAsync(Change change, CancellationToken cancellationToken) => change.TakeIdsAsync("registered_models", 1, cancellationToken);
    }
}
