using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What gates promise that read evidence, whatever the database.</summary>
public abstract class EvidenceContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    [PromiseTheory]
    [InlineData("{min: 0.5}", 0.5, true, "at least 0.5")]
    [InlineData("{min: 0.5}", 0.49999, false, "at least 0.5")]
    [InlineData("{max: 0.5}", 0.5, true, "at most 0.5")]
    [InlineData("{max: 0.5}", 0.50001, false, "at most 0.5")]
    [InlineData("{max: 0.5}", double.NaN, false, "at most 0.5")]
    [InlineData("{min: 0, max: 1}", 2, false, "from 0 to 1")]
    [InlineData("{min: 0, max: 1}", 1, true, "from 0 to 1")]
    [InlineData("{equal: 3}", 3, true, "exactly 3")]
    [InlineData("{equal: 3}", 3.1, false, "exactly 3")]
    [InlineData("{equal: 0}", double.NaN, false, "exactly 0")]
    public async Task A_metric_is_held_to_its_bounds(string bounds, double value, bool isMet, string required)
    {
        await CreateModelAsync("iris");
        await GateAsync($"{{metrics: {{m: {bounds}}}}}");
        var gate = Gate(await CheckAsync("iris", await AddVersionAsync("iris", ("m", value))), "metric m");

        Assert.Equal((isMet, required, double.IsNaN(value) ? "NaN" : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)), (IsMet(gate), gate["required"]!.GetValue<string>(), Measured(gate)));
        Assert.StartsWith("runs/", gate["evidence"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_metric_that_is_missing_is_unmet_and_the_latest_value_counts()
    {
        await CreateModelAsync("iris");
        await GateAsync("{metrics: {m: {max: 0.5}}}");
        var run = await AddRunAsync();
        var version = await RegisterAsync("iris", run, run);
        Assert.Equal((false, "nothing"), (IsMet(Gate(await CheckAsync("iris", version), "metric m")), Measured(Gate(await CheckAsync("iris", version), "metric m"))));

        await LogAsync(run, "m", 0.4);
        Assert.True(IsMet(Gate(await CheckAsync("iris", version), "metric m")));
        await LogAsync(run, "m", 0.6);
        Assert.False(IsMet(Gate(await CheckAsync("iris", version), "metric m")));
        await LogAsync(run, "m", 0.3);
        await LogAsync(run, "m", double.NaN);
        Assert.Equal("NaN", Measured(Gate(await CheckAsync("iris", version), "metric m")));
    }

    [Promise]
    public async Task A_run_that_did_not_make_the_files_is_no_evidence()
    {
        await CreateModelAsync("iris");
        await GateAsync("{metrics: {m: {min: 0.5}}}");
        var (good, poor) = (await AddRunAsync(("m", 0.9)), await AddRunAsync(("m", 0.1)));

        var borrowed = Gate(await CheckAsync("iris", await RegisterAsync("iris", filesOf: poor, runId: good)), "metric m");
        var invented = Gate(await CheckAsync("iris", await RegisterAsync("iris", filesOf: good, runId: "0123456789abcdef0123456789abcdef")), "metric m");
        var unnamed = Gate(await CheckAsync("iris", await RegisterAsync("iris", filesOf: good, runId: "")), "metric m");
        var outside = Gate(await CheckAsync("iris", await RegisterAsync("iris", good, good, $"mlflow-artifacts:/0/{good}/artifactsx/model")), "metric m");
        var elsewhere = Gate(await CheckAsync("iris", await RegisterAsync("iris", good, good, "s3://bucket/model")), "metric m");

        Assert.Equal($"nothing: the files are not among the artifacts of the run {good}", Measured(borrowed));
        Assert.Equal("nothing: there is no run 0123456789abcdef0123456789abcdef", Measured(invented));
        Assert.Equal("nothing: the version names no run", Measured(unnamed));
        Assert.All([borrowed, invented, unnamed, outside, elsewhere], gate => Assert.False(IsMet(gate)));
    }

    [Promise]
    public async Task A_deleted_run_is_no_evidence_until_it_is_restored()
    {
        await CreateModelAsync("iris");
        await GateAsync("{metrics: {m: {min: 0.5}}}");
        var run = await AddRunAsync(("m", 0.9));
        var version = await RegisterAsync("iris", run, run);
        (await Client.PostAsync("runs/delete", new { run_id = run })).Ok();
        Assert.Equal($"nothing: the run {run} was deleted", Measured(Gate(await CheckAsync("iris", version), "metric m")));

        (await Client.PostAsync("runs/restore", new { run_id = run })).Ok();
        Assert.True(IsMet(Gate(await CheckAsync("iris", version), "metric m")));
    }

    [Promise]
    public async Task The_run_that_made_a_logged_model_is_evidence_for_its_files_and_another_is_not()
    {
        await CreateModelAsync("iris");
        await GateAsync("{metrics: {m: {min: 0.5}}}");
        var (maker, other) = (await AddRunAsync(("m", 0.9)), await AddRunAsync(("m", 0.9)));
        var logged = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "m", source_run_id = maker })).Ok()["model"]!["info"]!;
        var (id, uri) = (logged["model_id"]!.GetValue<string>(), logged["artifact_uri"]!.GetValue<string>());

        var made = await RegisterAsync("iris", maker, maker, $"models:/{id}");
        var direct = await RegisterAsync("iris", maker, maker, uri);
        var stolen = await RegisterAsync("iris", maker, other, $"models:/{id}");

        Assert.True(IsMet(Gate(await CheckAsync("iris", made), "metric m")));
        Assert.True(IsMet(Gate(await CheckAsync("iris", direct), "metric m")));
        Assert.False(IsMet(Gate(await CheckAsync("iris", stolen), "metric m")));
    }

    [Promise]
    public async Task A_comparison_with_an_empty_stage_is_met_and_says_so()
    {
        await CreateModelAsync("iris");
        await GateAsync("{metrics: {f1: {no_worse_than: Production, direction: higher}}}");
        var version = await AddVersionAsync("iris", ("f1", 0.2));
        await MoveAsync("iris", version, "Production");

        // The version itself is nothing to compare with.
        var gate = Gate(await CheckAsync("iris", version), "metric f1 against Production");
        Assert.Equal((true, "0.2, and nothing is in Production to compare with"), (IsMet(gate), Measured(gate)));

        // A version without the metric is unmet even then, and so is NaN.
        await MoveAsync("iris", version, "Archived");
        Assert.False(IsMet(Gate(await CheckAsync("iris", await AddVersionAsync("iris")), "metric f1 against Production")));
        Assert.False(IsMet(Gate(await CheckAsync("iris", await AddVersionAsync("iris", ("f1", double.NaN))), "metric f1 against Production")));
    }

    [PromiseTheory]
    [InlineData("higher", 0.0, 0.8, 0.8, true)]
    [InlineData("higher", 0.0, 0.8, 0.7999, false)]
    [InlineData("higher", 0.25, 0.75, 0.5, true)]
    [InlineData("higher", 0.25, 0.75, 0.4999, false)]
    [InlineData("lower", 0.0, 0.5, 0.5, true)]
    [InlineData("lower", 0.0, 0.5, 0.51, false)]
    [InlineData("lower", 0.25, 0.5, 0.75, true)]
    [InlineData("lower", 0.25, 0.5, 0.7501, false)]
    [InlineData("higher", 0.0, double.NaN, 0.9, false)]
    [InlineData("lower", 0.0, double.NaN, 0.1, false)]
    [InlineData("higher", 0.0, 0.1, double.NaN, false)]
    public async Task A_comparison_takes_direction_and_absolute_tolerance(string direction, double tolerance, double theirs, double own, bool isMet)
    {
        await CreateModelAsync("iris");
        await GateAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{metrics: {{m: {{no_worse_than: Production, direction: {direction}, tolerance: {tolerance}}}}}}}"));
        await PutAsync("iris", await AddVersionAsync("iris", ("m", theirs)), "Production");

        Assert.Equal(isMet, IsMet(Gate(await CheckAsync("iris", await AddVersionAsync("iris", ("m", own))), "metric m against Production")));
    }

    [Promise]
    public async Task A_comparison_is_with_the_best_of_several_and_with_whoever_has_no_value()
    {
        await CreateModelAsync("iris");
        await ApplyAsync("pipeline: p\nmodels: iris\nstages: [{name: Production, limit: {versions: 5}, gates: {metrics: {m: {no_worse_than: Production, direction: higher}}}}]");
        await PutAsync("iris", await AddVersionAsync("iris", ("m", 0.9)), "Production");
        await PutAsync("iris", await AddVersionAsync("iris", ("m", 0.5)), "Production");
        var version = await AddVersionAsync("iris", ("m", 0.8));
        Assert.Equal("no worse than 0.9 of version 1 in Production", Gate(await CheckAsync("iris", version), "metric m against Production")["required"]!.GetValue<string>());

        (await Client.DeleteAsync("model-versions/delete", new { name = "iris", version = "1" })).Ok();
        Assert.True(IsMet(Gate(await CheckAsync("iris", version), "metric m against Production")));
        await PutAsync("iris", await AddVersionAsync("iris"), "Production");
        Assert.False(IsMet(Gate(await CheckAsync("iris", version), "metric m against Production")));
    }

    [Promise]
    public async Task Tags_are_asked_for_by_presence_or_by_value()
    {
        await CreateModelAsync("iris");
        await GateAsync("{tags: {team: , validation_status: passed}}");
        var version = await AddVersionAsync("iris");
        var check = await CheckAsync("iris", version);
        Assert.Equal((false, "not set"), (IsMet(Gate(check, "tag team")), Measured(Gate(check, "tag team"))));

        await TagAsync("iris", version, "team", "");
        await TagAsync("iris", version, "validation_status", "Passed");
        check = await CheckAsync("iris", version);
        Assert.False(IsMet(Gate(check, "tag team")));
        Assert.Equal((false, "'Passed'", "'passed'"), (IsMet(Gate(check, "tag validation_status")), Measured(Gate(check, "tag validation_status")), Gate(check, "tag validation_status")["required"]!.GetValue<string>()));

        await TagAsync("iris", version, "team", "flowers");
        await TagAsync("iris", version, "validation_status", "passed");
        Assert.True((await CheckAsync("iris", version))["met"]!.GetValue<bool>());
    }

    [Promise]
    public async Task The_latest_result_of_each_test_counts()
    {
        await CreateModelAsync("iris");
        await GateAsync("{tests: [schema_test, load_test]}");
        var version = await AddVersionAsync("iris");
        Assert.Equal("not run", Measured(Gate(await CheckAsync("iris", version), "test schema_test")));

        await TestAsync("iris", version, new { name = "schema_test", outcome = "failed" });
        await TestAsync("iris", version, new { name = "load_test", outcome = "passed" });
        Assert.Equal((false, "failed"), (IsMet(Gate(await CheckAsync("iris", version), "test schema_test")), Measured(Gate(await CheckAsync("iris", version), "test schema_test"))));

        await TestAsync("iris", version, new { name = "schema_test", outcome = "passed" });
        Assert.True((await CheckAsync("iris", version))["met"]!.GetValue<bool>());
        await TestAsync("iris", version, new { name = "load_test", outcome = "error" });
        Assert.Equal("error", Measured(Gate(await CheckAsync("iris", version), "test load_test")));

        // Another version's tests are no evidence.
        Assert.Equal("not run", Measured(Gate(await CheckAsync("iris", await AddVersionAsync("iris")), "test load_test")));
    }

    [Promise]
    public async Task Files_have_to_be_held_and_to_be_what_they_were()
    {
        await CreateModelAsync("iris");
        await GateAsync("{}");
        var run = await AddRunAsync();
        var version = await RegisterAsync("iris", run, run);
        var away = await RegisterAsync("iris", run, run, "s3://bucket/model");
        Assert.Equal((true, "unaltered"), (IsMet(Gate(await CheckAsync("iris", version), "artifacts")), Measured(Gate(await CheckAsync("iris", version), "artifacts"))));
        Assert.Equal("files that the server does not hold", Measured(Gate(await CheckAsync("iris", away), "artifacts")));

        await AlterAsync(run, "other weights");
        Assert.Equal((false, "files that were altered since: 'model.bin' was replaced"), (IsMet(Gate(await CheckAsync("iris", version), "artifacts")), Measured(Gate(await CheckAsync("iris", version), "artifacts"))));
        await AlterAsync(run, "weights");
        Assert.True(IsMet(Gate(await CheckAsync("iris", version), "artifacts")));

        await AlterAsync(run, null);
        Assert.Equal("files that are gone", Measured(Gate(await CheckAsync("iris", version), "artifacts")));
    }

    [Promise]
    public async Task A_revoked_version_and_a_freeze_are_in_the_way()
    {
        await CreateModelAsync("iris");
        await GateAsync("{}");
        var version = await AddVersionAsync("iris");
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.DoesNotContain((await CheckAsync("iris", version))["gates"]!.AsArray(), gate => gate!["gate"]!.GetValue<string>() == "freeze");

        await WriteAsync(
            $"insert into freezes (id, pattern, stage, reason, actor, at, ends_at) values (1, 'ir*', 'Production', 'holidays', 'ann', {now}, {now + 60_000})",
            $"insert into freezes (id, pattern, stage, reason, actor, at, ends_at) values (2, 'other', null, 'no', 'ann', {now}, null)",
            $"insert into freezes (id, pattern, stage, reason, actor, at, ends_at, lifted_at) values (3, '*', null, 'no', 'ann', {now}, null, {now})");
        var frozen = await CheckAsync("iris", version);
        Assert.Equal((false, now + 60_000), (IsMet(Gate(frozen, "freeze")), frozen["met_at"]!.GetValue<long>()));
        Assert.Contains("holidays", Measured(Gate(frozen, "freeze")), StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await CheckAsync("iris", version))["met"]!.GetValue<bool>());

        await WriteAsync($"insert into revocations (version, reason, actor, at, seq) select id, 'poisoned data', 'ann', {now}, 1 from model_versions");
        Assert.Contains("poisoned data", Measured(Gate(await CheckAsync("iris", version), "revocation")), StringComparison.Ordinal);
    }
}

public sealed class EvidenceOnSqlite() : EvidenceContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class EvidenceOnPostgres() : EvidenceContract(Fresh.PostgresAsync);
