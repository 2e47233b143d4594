using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Client;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Slipway.Wire.Auditing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>What is promised of finding and exporting entries, whatever the database.</summary>
public abstract class AuditQueryContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Audit = "/api/slipway/v1/audit";

    [Promise]
    public async Task Entries_are_found_by_what_they_are_about()
    {
        await BuildAsync();

        Assert.Equal(["version.transition", "version.create", "version.create", "model.create"], await FoundAsync(("model", "iris")));
        Assert.Equal(["version.create", "model.create"], await FoundAsync(("model", "iris-2")));
        Assert.Equal(["version.transition", "version.create"], await FoundAsync(("model", "iris"), ("version", "2")));
        Assert.Equal(["version.create"], await FoundAsync(("model", "iris"), ("version", "1")));
        Assert.Equal(["promotion.approve"], await FoundAsync(("promotion", "7")));
        Assert.Equal(["promotion.approve"], await FoundAsync(("actor", "bob")));
        Assert.Equal(["version.transition"], await FoundAsync(("action", "version.transition"), ("outcome", "done")));
        Assert.Empty(await FoundAsync(("outcome", "refused")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Audit, ("outcome", "perhaps"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Audit, ("version", "1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Audit, ("cursor", "x"))).Status);
    }

    [Promise]
    public async Task A_time_span_holds_the_entries_of_its_times_ends_included()
    {
        await BuildAsync();
        var times = (await ColumnAsync($"select at from audit order by seq")).Select(at => long.Parse(at, CultureInfo.InvariantCulture)).ToList();

        foreach (var (from, to) in new[] { (times[1], times[^2]), (0L, times[0]), (times[^1] + 1, long.MaxValue / 100_000), (0L, times[0] - 1) })
        {
            var found = await FoundAsync(("from", from.ToString(CultureInfo.InvariantCulture)), ("to", to.ToString(CultureInfo.InvariantCulture)));

            Assert.Equal(times.Count(time => time >= from && time <= to), found.Count);
        }
    }

    [PromiseTheory]
    [InlineData("newest")]
    [InlineData("oldest")]
    public async Task Pages_follow_each_other_without_gap_while_others_write(string order)
    {
        await CreateModelAsync("iris");
        for (var i = 0; i < 10; i++)
        {
            await CreateVersionAsync("iris");
        }

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await Client.GetAsync(Audit, [("model", "iris"), ("order", order), ("max_results", "3"), .. cursor is null ? Array.Empty<(string, string)>() : [("cursor", cursor)]])).Ok();
            seen.AddRange(page["entries"]!.AsArray().Select(entry => entry!["sequence"]!.GetValue<long>()));
            cursor = page["next"]?.GetValue<string>();
            await CreateModelAsync($"other {seen.Count}");
        }
        while (cursor is not null);

        var all = (await ColumnAsync($"select seq from audit where resource = 'models/iris' order by seq")).Select(long.Parse).ToList();
        Assert.Equal(order == "oldest" ? all : Enumerable.Reverse(all), seen);
    }

    [Promise]
    public async Task The_history_of_a_model_follows_its_names_and_leaves_out_another_of_the_same_name()
    {
        await CreateModelAsync("iris");
        (await Client.DeleteAsync("registered-models/delete", new { name = "iris" })).Ok();
        await CreateModelAsync("old");
        await CreateVersionAsync("old");
        (await Client.PostAsync("registered-models/rename", new { name = "old", new_name = "iris" })).Ok();
        await CreateModelAsync("old");
        await CreateVersionAsync("iris");

        var history = (await Client.GetAsync("/api/slipway/v1/models/iris/history", ("order", "oldest"))).Ok()["entries"]!.AsArray();

        Assert.Equal(["model.create models/old", "version.create models/old", "model.rename models/old", "version.create models/iris"], history.Select(entry => $"{entry!["action"]} {entry["resource"]}"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/slipway/v1/models/none/history")).Status);
    }

    [Promise]
    public async Task An_export_is_the_very_bytes_and_can_be_verified_without_the_server()
    {
        await BuildAsync();
        for (var i = 0; i < 230; i++)
        {
            await CreateModelAsync($"model é {i}");
        }

        using var client = new SlipwayClient(Address);
        using var export = new MemoryStream();
        await client.ExportAuditAsync(export);

        var lines = Encoding.UTF8.GetString(export.ToArray()).TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(await ColumnAsync($"select hash from audit order by seq"), lines.SkipLast(1).Select(line => line["hash"]!.GetValue<string>()));
        Assert.Equal((await ColumnAsync($"select hash from audit_end"))[0], lines[^1]["end"]!["hash"]!.GetValue<string>());
        export.Position = 0;
        Assert.Equal(new AuditFinding(lines.Count - 1, null), await AuditVerification.VerifyExportAsync(export, CheckpointTrail.None, CancellationToken.None));
        Assert.Equal(new AuditVerdict(true, lines.Count - 1, 0), await client.VerifyAuditAsync());
    }

    private async Task BuildAsync()
    {
        await CreateModelAsync("iris");
        await CreateModelAsync("iris-2");
        await CreateVersionAsync("iris");
        await CreateVersionAsync("iris");
        await CreateVersionAsync("iris-2");
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "2", stage = "Staging" })).Ok();
        await new Told("promotion.approve", "models/other/versions/1") { Promotion = "7" }.MakeAsync(Database, "bob");
    }

    private async Task<List<string>> FoundAsync(params (string, string)[] query) =>
        [.. (await Client.GetAsync(Audit, query)).Ok()["entries"]!.AsArray().Select(entry => entry!["action"]!.GetValue<string>())];
}

public sealed class AuditQueryOnSqlite() : AuditQueryContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AuditQueryOnPostgres() : AuditQueryContract(Fresh.PostgresAsync);
