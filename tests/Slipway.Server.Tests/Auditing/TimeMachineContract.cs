using System.Globalization;
using System.Net;
using Slipway.Server.Auditing;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>What is promised of the past: the log alone tells what every model was at every moment, whatever the database.</summary>
public abstract class TimeMachineContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly string[] Names = ["iris", "iris-2", "iris 0"];
    private static readonly string[] Stages = ["None", "Staging", "Production", "Archived"];
    private static readonly string[] Aliases = ["champion", "challenger"];

    [PromiseTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_histories_read_back_as_the_snapshots_that_were_taken_on_the_way(int seed)
    {
        var random = new Random(seed);
        var snapshots = new List<(long Sequence, Dictionary<string, string> Models)>();
        for (var round = 0; round < 200; round++)
        {
            // Alone and several at once.
            await Task.WhenAll(Enumerable.Range(0, random.Next(4) == 0 ? 5 : 1).Select(_ => ActAsync(random)));
            snapshots.Add(await SnapshotAsync());
        }

        var (deleted, renamed, archived) = (await CountAsync("model.delete"), await CountAsync("model.rename"), await CountAsync("version.transition"));
        Assert.True(deleted > 2 && renamed > 2 && archived > 5, $"{deleted} deleted, {renamed} renamed, {archived} moved");
        foreach (var (sequence, models) in snapshots)
        {
            foreach (var name in Names)
            {
                Assert.Equal((sequence, models.GetValueOrDefault(name)), (sequence, await FoldedAsync(name, sequence)));
            }
        }
    }

    [Promise]
    public async Task A_moment_is_asked_for_by_its_time()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        (await TransitionAsync("iris", 1, "Staging")).Ok();
        var before = await EndTimeAsync();
        await WaitForAnotherMillisecondAsync(before);
        (await TransitionAsync("iris", 1, "Production")).Ok();
        (await Client.PostAsync("registered-models/alias", new { name = "iris", alias = "champion", version = "1" })).Ok();

        var then = (await AtAsync("iris", before.ToString(CultureInfo.InvariantCulture))).Ok();
        var now = (await AtAsync("iris", "2100-01-01T00:00Z")).Ok();

        Assert.Equal(("1", "Staging", "anonymous"), (Text(then["versions"]![0]!["version"]), Text(then["versions"]![0]!["stage"]), Text(then["versions"]![0]!["by"])));
        Assert.Empty(then["aliases"]!.AsArray());
        Assert.Equal(("Production", "champion"), (Text(now["versions"]![0]!["stage"]), Text(now["aliases"]![0]!["alias"])));
        Assert.Equal(HttpStatusCode.NotFound, (await AtAsync("iris", "2020-01-01T00:00Z")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await AtAsync("iris", "yesterday")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/api/slipway/v1/models/iris/at")).Status);
    }

    [Promise]
    public async Task It_tells_who_approved_and_which_pipeline_was_in_force()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        await TellAsync("ann", new Told("pipeline.apply", "pipelines/all") { After = """{"name":"all","version":1,"models":"*"}""" });
        await TellAsync("ann", new Told("pipeline.apply", "pipelines/iris") { After = """{"name":"iris","version":1,"models":"iris*"}""" });
        await TellAsync("ann", new Told("pipeline.apply", "pipelines/iris") { After = """{"name":"iris","version":2,"models":"iris*"}""" });
        await TellAsync("bob", new Told("promotion.approve", "models/iris/versions/1") { Promotion = "7", After = """{"digest":"old","comment":"lapsed"}""" });
        await TellAsync("cid", new Told("promotion.approve", "models/iris/versions/1") { Promotion = "7", After = """{"digest":"new","comment":"fine"}""" });
        await TellAsync("dan", new Told("promotion.complete", "models/iris/versions/1") { Promotion = "7", Effects = ["""{"version":"1","stage":"Production"}""", """{"alias":"champion","version":"1"}"""] });

        var past = (await AtAsync("iris", "2100-01-01T00:00Z")).Ok();
        await TellAsync("ann", new Told("pipeline.delete", "pipelines/iris"));
        var later = (await AtAsync("iris", "2100-01-01T00:00Z")).Ok();

        var version = past["versions"]![0]!;
        Assert.Equal(("Production", "dan", "promotion.complete", "7"), (Text(version["stage"]), Text(version["by"]), Text(version["action"]), Text(version["promotion"])));
        Assert.Equal(("cid", "fine"), (Text(Assert.Single(version["approvals"]!.AsArray())!["approver"]), Text(version["approvals"]![0]!["comment"])));
        Assert.Equal(("iris", 2L), (Text(past["pipeline"]!["name"]), past["pipeline"]!["version"]!.GetValue<long>()));
        Assert.Equal("all", Text(later["pipeline"]!["name"]));
    }

    [Promise]
    public async Task The_history_of_a_version_tells_every_stay_and_the_evidence()
    {
        await CreateModelAsync("old");
        await CreateVersionAsync("old");
        (await TransitionAsync("old", 1, "Staging")).Ok();
        (await Client.PostAsync("registered-models/rename", new { name = "old", new_name = "iris" })).Ok();
        await CreateVersionAsync("iris");
        await TellAsync("dan", new Told("version.transition", "models/iris/versions/1")
        {
            Effects = ["""{"version":"1","stage":"Production"}"""],
            Then = change => change.SendAsync($"""
                insert into decisions (version, seq, stage, at, kind, actor, promotion, pipeline, pipeline_version, digest, gates, reason)
                select v.id, {change.Info.Sequence}, {"Production"}, {change.Info.At}, {"transition"}, {"dan"}, null, {"iris"}, 3, {"d"},
                    {"""[{"gate":"metric accuracy","met":true,"required":"at least 0.9","measured":"0.95","evidence":"runs/1"}]"""}, null
                from model_versions v join registered_models m on m.id = v.model where m.name = {"iris"} and v.version = 1
                """, CancellationToken.None),
        });
        (await Client.DeleteAsync("model-versions/delete", new { name = "iris", version = "1" })).Ok();

        var stays = (await Client.GetAsync("/api/slipway/v1/models/iris/versions/1/history")).Ok()["stays"]!.AsArray();

        Assert.Equal(["None", "Staging", "Production"], stays.Select(stay => Text(stay!["stage"])));
        Assert.Equal(["version.transition", "version.transition", "version.delete"], stays.Select(stay => Text(stay!["ended_action"])));
        Assert.All(stays, stay => Assert.True(stay!["from"]!.GetValue<long>() <= stay["to"]!.GetValue<long>()));
        Assert.Equal(("dan", "iris", "0.95", "runs/1"), (Text(stays[2]!["by"]), Text(stays[2]!["pipeline"]!["name"]), Text(stays[2]!["gates"]![0]!["measured"]), Text(stays[2]!["gates"]![0]!["evidence"])));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/slipway/v1/models/iris/versions/9/history")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/slipway/v1/models/old/versions/1/history")).Status);
    }

    private static string Text(System.Text.Json.Nodes.JsonNode? node) => node?.GetValue<string>() ?? "";

    private Task TellAsync(string actor, Told told) => told.MakeAsync(Database, actor);

    private Task<WireReply> AtAsync(string name, string time) => Client.GetAsync($"/api/slipway/v1/models/{name}/at", ("time", time));

    private Task<WireReply> TransitionAsync(string name, int version, string stage, bool archive = false) =>
        Client.PostAsync("model-versions/transition-stage", new { name, version = version.ToString(CultureInfo.InvariantCulture), stage, archive_existing_versions = archive });

    // Whatever fails for what is not there is part of the history that does not happen.
    private Task<WireReply> ActAsync(Random random)
    {
        var (name, version, stage, alias) = (Names[random.Next(3)], random.Next(1, 6).ToString(CultureInfo.InvariantCulture), Stages[random.Next(4)], Aliases[random.Next(2)]);
        return random.Next(20) switch
        {
            0 or 1 or 2 => Client.PostAsync("registered-models/create", new { name }),
            3 or 4 or 5 or 6 => Client.PostAsync("model-versions/create", new { name, source = "s3://bucket/model" }),
            7 => Client.DeleteAsync("registered-models/delete", new { name }),
            8 or 9 => Client.PostAsync("registered-models/rename", new { name, new_name = Names[random.Next(3)] }),
            10 => Client.DeleteAsync("model-versions/delete", new { name, version }),
            11 or 12 or 13 => Client.PostAsync("registered-models/alias", new { name, alias, version }),
            14 => Client.DeleteAsync("registered-models/alias", new { name, alias }),
            _ => Client.PostAsync("model-versions/transition-stage", new { name, version, stage, archive_existing_versions = stage is "Staging" or "Production" }),
        };
    }

    private Task<(long Sequence, Dictionary<string, string> Models)> SnapshotAsync() => Database.ReadAsync(async reader =>
    {
        var end = await AuditLog.FindEndAsync(reader, CancellationToken.None);
        var models = await reader.ListAsync($"select id, name from registered_models", row => (Id: row.GetInt64(0), Name: row.GetString(1)), CancellationToken.None);
        var versions = (await reader.ListAsync(
            $"select model, version, stage from model_versions where stage is not null order by version", row => (Model: row.GetInt64(0), Text: $"{row.GetInt64(1)} {row.GetString(2)}"), CancellationToken.None)).ToLookup(version => version.Model, version => version.Text);
        var aliases = (await reader.ListAsync(
            $"select a.model, a.alias, v.version from model_aliases a join model_versions v on v.id = a.version order by a.alias", row => (Model: row.GetInt64(0), Text: $"@{row.GetString(1)} {row.GetInt64(2)}"), CancellationToken.None)).ToLookup(alias => alias.Model, alias => alias.Text);
        return (end!.Sequence, models.ToDictionary(model => model.Name, model => string.Join(", ", versions[model.Id].Concat(aliases[model.Id]))));
    }, CancellationToken.None);

    private Task<string?> FoldedAsync(string name, long sequence) => Database.ReadAsync(async reader =>
        await TimeMachine.AtAsync(reader, (name, 0), sequence, CancellationToken.None) is { } past
            ? string.Join(", ", past.Versions.Select(version => $"{version.Version} {version.Stage}").Concat(past.Aliases.Select(alias => $"@{alias.Alias} {alias.Version}")))
            : null, CancellationToken.None);

    private async Task<int> CountAsync(string action) =>
        int.Parse((await ColumnAsync($"select count(*) from audit where action = {action} and outcome = 'done'"))[0], CultureInfo.InvariantCulture);

    private async Task<long> EndTimeAsync() => long.Parse((await ColumnAsync($"select at from audit_end"))[0], CultureInfo.InvariantCulture);

    private static async Task WaitForAnotherMillisecondAsync(long time)
    {
        while (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() <= time)
        {
            await Task.Yield();
        }
    }
}

public sealed class TimeMachineOnSqlite() : TimeMachineContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TimeMachineOnPostgres() : TimeMachineContract(Fresh.PostgresAsync);
