using System.Text.Json.Nodes;
using Slipway.Server.Governance;
using Slipway.Server.Registry;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What the digest promises that approvals are bound to, and which approvals count, whatever the database.</summary>
public abstract class ReportDigestContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    private const string Rules = """
        pipeline: p
        models: "*"
        stages:
          - name: Staging
          - name: Production
            gates:
              metrics: {m: {min: 0.5}}
              tags: [team]
              tests: [load_test]
              previous_stage: Staging
              time_in_previous_stage: 1h
              approvals: {count: 1}
        """;

    [Promise]
    public async Task It_stays_when_the_same_is_told_again_and_moves_when_anything_else_is()
    {
        await CreateModelAsync("iris");
        await ApplyAsync(Rules);
        var run = await AddRunAsync(("m", 0.9));
        var version = await RegisterAsync("iris", run, run);
        var seen = new HashSet<string>();

        async Task Moves(string what, Func<Task> change)
        {
            await change();
            Assert.True(seen.Add(await DigestAsync(version)), what);
        }

        async Task Stays(string what, Func<Task> change)
        {
            var before = await DigestAsync(version);
            await change();
            Assert.True(before == await DigestAsync(version), what);
        }

        await Moves("nothing yet", () => Task.CompletedTask);
        await Moves("a stage", () => MoveAsync("iris", version, "Staging"));
        await Moves("a tag", () => TagAsync("iris", version, "team", "flowers"));
        await Moves("a test", () => TestAsync("iris", version, new { name = "load_test", outcome = "passed", measured = new { p95 = 1, p50 = 0.5 }, inputs_digest = "a" }));
        await Stays("the same test, told by another and in another order", () => TestAsync("iris", version, new { name = "load_test", outcome = "passed", measured = new { p50 = 0.50, p95 = 1.0 }, link = "https://ci/2", inputs_digest = "a" }));
        await Moves("another measured value", () => TestAsync("iris", version, new { name = "load_test", outcome = "passed", measured = new { p95 = 2 }, inputs_digest = "a" }));
        await Moves("other inputs", () => TestAsync("iris", version, new { name = "load_test", outcome = "passed", measured = new { p95 = 2 }, inputs_digest = "b" }));
        await Stays("a test that nobody asked for", () => TestAsync("iris", version, new { name = "other", outcome = "failed" }));
        await Stays("a metric that nobody asked for", () => LogAsync(run, "other", 1));
        await Stays("the same value of the metric", () => LogAsync(run, "m", 0.9));
        await Moves("another value of the metric", () => LogAsync(run, "m", 0.91));
        await Moves("a dataset", () => LogInputAsync(run, "d1"));
        await Stays("the same dataset", () => LogInputAsync(run, "d1"));
        await Moves("another dataset", () => LogInputAsync(run, "d2"));
        await Stays("time", () => Task.Run(() => Time.Advance(TimeSpan.FromHours(2))));
        await Stays("a freeze", () => WriteAsync($"insert into freezes (id, pattern, stage, reason, actor, at, ends_at) values (1, '*', null, 'r', 'a', 0, null)"));
        await Stays("files that were altered, which a gate says", () => AlterAsync(run, "other weights"));
        await Moves("another version of the pipeline", () => ApplyAsync(Rules + " # the same"));
    }

    [Promise]
    public async Task Approvals_count_when_they_are_for_this_digest_by_others_who_may_still_give_them()
    {
        await CreateModelAsync("iris");
        await ApplyAsync(Rules);
        var version = await AddVersionAsync("iris", ("m", 0.9));
        var digest = await DigestAsync(version);
        foreach (var (id, kind) in new[] { (1, "person"), (2, "person"), (3, "person"), (4, "service"), (5, "person") })
        {
            var name = "user" + id;
            await WriteAsync($"insert into users (id, name, kind, is_admin, is_auditor, created_at, updated_at) values ({id}, {name}, {kind}, 0, 0, 0, 0)");
        }

        await WriteAsync(
            $"insert into user_groups (id, name, created_at) values (10, 'leads', 0)",
            $"insert into group_members (user_group, member, source) values (10, 1, 'hand'), (10, 3, 'hand'), (10, 4, 'hand')",
            $"insert into grants (kind, object, subject, level, promote, approve, break_glass) values ('model', 1, 2, null, 0, 1, 0), ('model', 1, 10, null, 0, 1, 0), ('model', 1, 5, 4, 1, 0, 0)",
            $"insert into approvals (promotion, seq, approver, approver_name, verdict, comment, digest, at) values (7, 1, 1, 'user1', 'approved', '', {digest}, 0)");

        // The requester is user3, who is in the group; user5 may manage and promote, which is no right to approve.
        foreach (var (seq, approver, verdict, of) in new[] { (2, 1, "approved", digest), (3, 2, "approved", digest), (4, 3, "approved", digest), (5, 4, "approved", digest), (6, 5, "approved", digest) })
        {
            await WriteAsync($"insert into approvals (promotion, seq, approver, approver_name, verdict, comment, digest, at) values (7, {seq}, {approver}, 'x', {verdict}, '', {of}, 0)");
        }

        Assert.Equal("2", await GivenAsync(version, new ApprovalsGate(2, null, AllowsServices: false)));
        Assert.Equal("3", await GivenAsync(version, new ApprovalsGate(2, null, AllowsServices: true)));
        Assert.Equal("1", await GivenAsync(version, new ApprovalsGate(2, "leads", AllowsServices: false)));
        Assert.Equal("2", await GivenAsync(version, new ApprovalsGate(2, "leads", AllowsServices: true)));
        Assert.Equal("0", await GivenAsync(version, new ApprovalsGate(1, "nobody", AllowsServices: true)));

        await WriteAsync($"delete from group_members where member = 1");
        Assert.Equal("0", await GivenAsync(version, new ApprovalsGate(1, "leads", AllowsServices: false)));
        await WriteAsync($"update approvals set verdict = 'rejected' where approver = 2");
        Assert.Equal("0", await GivenAsync(version, new ApprovalsGate(1, null, AllowsServices: false)));
        await WriteAsync($"update approvals set verdict = 'approved' where approver = 2");
        Assert.Equal("1", await GivenAsync(version, new ApprovalsGate(1, null, AllowsServices: false)));

        // A differing value makes it lapse.
        await TagAsync("iris", version, "team", "flowers");
        Assert.Equal("0", await GivenAsync(version, new ApprovalsGate(1, null, AllowsServices: false)));
    }

    private async Task<string> GivenAsync(string version, ApprovalsGate gate) => await Database.ReadAsync(async reader =>
    {
        var row = await ModelVersions.GetAsync(reader, "iris", long.Parse(version, System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);
        row = await ModelVersions.LoadAsync(reader, row, CancellationToken.None);
        var pipeline = (await Pipelines.FindForAsync(reader, "iris", CancellationToken.None))!;
        var stage = pipeline.FindStage("Production")!;
        var entry = new StageEntry(pipeline, stage with { Gates = [.. stage.Gates.Where(other => other is not ApprovalsGate), gate] }, row, 0)
        {
            Promotion = new PromotionRow(7, row.Model, row.Id, "Production")
            {
                State = "awaiting_approval",
                Requester = 3,
                RequesterName = "user3",
                Justification = "",
                CreatedAt = 0,
                UpdatedAt = 0,
                ExpiresAt = long.MaxValue,
            },
        };
        return (await Gatekeeper.CheckAsync(reader, entry, CancellationToken.None)).Results[^1].Measured;
    }, CancellationToken.None);

    private async Task LogInputAsync(string run, string digest) => (await Client.PostAsync("runs/log-inputs", new
    {
        run_id = run,
        datasets = new[] { new { tags = Array.Empty<JsonNode>(), dataset = new { name = "train", digest, source_type = "local", source = "s" } } },
    })).Ok();

    private async Task<string> DigestAsync(string version) => (await CheckAsync("iris", version))["digest"]!.GetValue<string>();
}

public sealed class ReportDigestOnSqlite() : ReportDigestContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ReportDigestOnPostgres() : ReportDigestContract(Fresh.PostgresAsync);
