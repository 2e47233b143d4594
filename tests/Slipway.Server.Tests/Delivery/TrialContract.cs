using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What trials promise with real gateways and workers, whatever the database.</summary>
public abstract class TrialContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Pipeline = "pipeline: iris\nmodels: iris\nstages: [{name: Staging}, {name: Production, gates: {tests: [a_b_test]}}]";

    private static readonly string[] Flowers = ["5.1,3.5,1.4,0.2", "5.9,2.8,4.3,1.3", "6.6,3.0,5.6,2.1"];

    private LiveEnvironment _live = null!;
    private string _stable = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _live = new LiveEnvironment(Place.Folder, "live");
        _stable = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(_stable, "Production");
        (await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline })).Ok();
        (await Client.PostAsync(Crowd.Native + "environments", new { text = "environment: live\nstage: Production\nmodels: 'iris*'\nlisten: 127.0.0.1:0\n" })).Ok();
        await _live.UntilServedAsync(_stable);
        await UntilAsync(async () => Text(await RolloutAsync(), "state") == "completed");
    }

    public override async Task DisposeAsync()
    {
        // Taken away first, or the server would start the gateway anew.
        await Client.DeleteAsync($"{Crowd.Native}environments/live");
        await _live.UntilGoneAsync();
        await _live.DisposeAsync();
        await base.DisposeAsync();
    }

    [Promise]
    public async Task A_version_that_is_as_good_passes_and_that_is_evidence_in_front_of_production()
    {
        var tried = await StageAsync();
        Assert.False(await IsMetAsync(tried));

        (await StartAsync(tried, new { environment = "live", percent = 50, @for = "2s", samples = 40, metrics = new[] { "errors", "predictions", "schema" } })).Ok();
        var answers = await AskUntilOverAsync();

        var trial = await RolloutAsync();
        Assert.Equal(("trial", "completed", tried, _stable), (Text(trial, "kind"), Text(trial, "state"), Text(trial, "version"), Text(trial, "from")));
        Assert.Equal((50.0, 2.0, 40), (trial["percent"]!.GetValue<double>(), trial["seconds"]!.GetValue<double>(), trial["samples"]!.GetValue<int>()));
        Assert.Equal(new[] { _stable, tried }.Order(), answers.Keys.Order());
        var test = Assert.Single(await TestsAsync(tried))!;
        Assert.Equal(("a_b_test", "passed", "slipway"), (Text(test, "name"), Text(test, "outcome"), Text(test, "recorded_by")));
        Assert.Equal(64, Text(test, "manifest_digest").Length);
        Assert.Equal(("pass", "live", 1.0, 0.0), (Text(test["measured"]!, "verdict"), Text(test["measured"]!, "environment"), Number(test, "baseline_version"), Number(test, "errors_candidate")));
        Assert.True(Number(test, "candidate_samples") >= 40 && Number(test, "baseline_samples") > 0, test.ToJsonString());
        Assert.True(await IsMetAsync(tried));

        // Nothing else has changed: the stable version serves alone, and no stage moved.
        await _live.UntilServedAsync(_stable);
        Assert.Equal(["Production", "Staging"], await ColumnAsync($"select stage from model_versions order by version"));
        Assert.Equal([$"stable {_stable}"], await ServedAsync());
        Assert.Equal(["rollout.begin", "test.record", "rollout.complete"], await ColumnAsync($"select action from audit where resource = {"models/iris/versions/2"} and action in ('rollout.begin', 'test.record', 'rollout.complete') order by seq"));
    }

    [Promise]
    public async Task A_version_that_answers_otherwise_fails_before_its_time_with_the_numbers()
    {
        var odd = await StageAsync(IrisModels.AlwaysVirginica());

        (await StartAsync(odd, new { environment = "live", percent = 40, @for = "1h", metrics = new[] { "predictions" } })).Ok();
        await AskUntilOverAsync();

        var trial = await RolloutAsync();
        Assert.Equal(("rolled_back", "predictions"), (Text(trial, "state"), Text(trial, "signal")));
        var test = Assert.Single(await TestsAsync(odd))!;
        Assert.Equal(("failed", "fail", "predictions"), (Text(test, "outcome"), Text(test["measured"]!, "verdict"), Text(test["measured"]!, "signal")));
        Assert.Contains("shift of predictions", Text(test["measured"]!, "reason"), StringComparison.Ordinal);
        Assert.True(Number(test, "predictions_candidate") > Number(test, "predictions_tolerated"), test.ToJsonString());
        Assert.False(await IsMetAsync(odd));
        Assert.Equal(["Production", "Staging"], await ColumnAsync($"select stage from model_versions order by version"));
        await _live.UntilServedAsync(_stable);
    }

    [Promise]
    public async Task What_could_not_be_seen_in_time_is_no_evidence_for_a_version()
    {
        var tried = await StageAsync();

        (await StartAsync(tried, new { environment = "live", percent = 10, @for = "1s", samples = 100000, metrics = new[] { "errors" } })).Ok();
        await AskUntilOverAsync();
        (await StartAsync(tried, new { environment = "live", percent = 50, @for = "1s", samples = 10, metrics = new[] { "accuracy" } })).Ok();
        await AskUntilOverAsync();

        var tests = await TestsAsync(tried);
        Assert.Equal(["failed inconclusive", "failed inconclusive"], tests.Select(test => $"{Text(test!, "outcome")} {Text(test!["measured"]!, "verdict")}"));
        Assert.Contains("no feedback", Text(tests[0]!["measured"]!, "reason"), StringComparison.Ordinal);
        Assert.Contains("of 100000 answers came", Text(tests[1]!["measured"]!, "reason"), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_trial_that_is_stopped_has_found_nothing()
    {
        var tried = await StageAsync();
        var begun = (await StartAsync(tried, new { environment = "live", percent = 20, @for = "1h" })).Ok();
        await UntilShiftingAsync();
        var again = await StartAsync(tried, new { environment = "live" });
        var shown = await RolloutAsync();
        Assert.True(shown["ends_at"]!.GetValue<long>() >= begun["created_at"]!.GetValue<long>() + 3_600_000);

        var stopped = (await Client.PostAsync($"{Crowd.Native}models/iris/trials/stop", new { reason = "not today" })).Ok();

        Assert.Equal(("cancelled", "not today"), (Text(stopped, "state"), Text(stopped, "reason")));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("It is a trial; end it with", again.Text, StringComparison.Ordinal);
        Assert.Empty(await TestsAsync(tried));
        Assert.Equal([$"stable {_stable}"], await ServedAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Crowd.Native}models/iris/trials/stop", new { })).Status);
    }

    [Promise]
    public async Task A_trial_ends_when_its_version_leaves_its_stage_and_makes_way_for_a_promotion()
    {
        var tried = await StageAsync();
        (await StartAsync(tried, new { environment = "live", @for = "1h" })).Ok();
        await UntilShiftingAsync();
        await TransitionAsync(tried, "Archived");
        await UntilAsync(async () => Text(await RolloutAsync(), "state") != "under_way");
        Assert.Equal(("cancelled", $"Version {tried} is in Archived by now."), (Text(await RolloutAsync(), "state"), Text(await RolloutAsync(), "reason")));

        var (next, other) = (await StageAsync(), await StageAsync());
        (await Client.PostAsync($"{Crowd.Native}models/iris/versions/{next}/tests", new { name = "a_b_test", outcome = "passed" })).Ok();
        (await StartAsync(other, new { environment = "live", @for = "1h" })).Ok();
        await UntilShiftingAsync();
        var answers = await _live.AskWhileAsync(() => TransitionAsync(next, "Production"));

        Assert.Subset(new HashSet<string> { _stable, other, next }, answers.Keys.ToHashSet());
        Assert.Equal([$"cancelled Promotion 1 of 'iris' {next} goes before it."], await ColumnAsync($"select state || ' ' || reason from rollouts where version = (select id from model_versions where version = 4)"));
        Assert.Equal(["Archived", "Archived", "Production", "Staging"], await ColumnAsync($"select stage from model_versions order by version"));
        Assert.Empty(await TestsAsync(other));
        await _live.UntilServedAsync(next);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static double Number(JsonNode test, string name) => test["measured"]![name]!.GetValue<double>();

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await happened())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private Task UntilShiftingAsync() => UntilAsync(async () => Text(await RolloutAsync(), "phase") == "shifting");

    private Task<Dictionary<string, int>> AskUntilOverAsync() => _live.AskWhileAsync(
        () => UntilAsync(async () => Text(await RolloutAsync(), "state") != "under_way"),
        number => IrisModels.Of(Flowers[number % Flowers.Length]));

    private async Task<string> StageAsync(params (string Name, byte[] Content)[] files)
    {
        var version = await IrisModels.RegisterAsync(Client, "iris", files);
        await TransitionAsync(version, "Staging");
        return version;
    }

    private Task<WireReply> StartAsync(string version, object request) => Client.PostAsync($"{Crowd.Native}models/iris/versions/{version}/trials", request);

    private async Task<JsonNode> RolloutAsync() => (await Client.GetAsync($"{Crowd.Native}models/iris/deployments")).Ok()["rollouts"]!.AsArray().FirstOrDefault() ?? new JsonObject { ["state"] = "", ["phase"] = "" };

    private async Task<IEnumerable<string>> ServedAsync() => (await Client.GetAsync($"{Crowd.Native}models/iris/deployments")).Ok()["deployments"]!.AsArray()
        .Where(deployment => deployment!["ended_at"] is null)
        .Select(deployment => $"{deployment!["role"]} {deployment["version"]}");

    private async Task<JsonArray> TestsAsync(string version) => (await Client.GetAsync($"{Crowd.Native}models/iris/versions/{version}/tests")).Ok()["tests"]!.AsArray();

    private async Task<bool> IsMetAsync(string version) => (await Client.GetAsync($"{Crowd.Native}models/iris/versions/{version}/check", ("stage", "Production"))).Ok()["met"]!.GetValue<bool>();

    private async Task TransitionAsync(string version, string stage) =>
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version, stage })).Ok();
}

[Needs("onnx")]
public sealed class TrialsOnSqlite() : TrialContract(Fresh.SqliteAsync);

[Needs("postgres"), Needs("onnx")]
public sealed class TrialsOnPostgres() : TrialContract(Fresh.PostgresAsync);
