using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>The tutorial's deployment from end to end, through the processes that a team would run.</summary>
[Needs("onnx")]
public sealed class TutorialTests : IAsyncLifetime
{
    private const string Pipeline = """
        pipeline: iris
        models: iris-classifier
        stages:
          - name: Staging
            gates:
              metrics: {accuracy: {min: 0.85}}
              tags: [validation_status, team]
              tests: [schema_test, inference_test]
            testing: {latency_p95_ms: 5000}
          - name: Production
            alias: champion
            gates:
              metrics: {accuracy: {min: 0.90}}
              previous_stage: Staging
              tests: [load_test, integration_test]
              approvals: {count: 1, group: ml-leads}
            testing: {load_rate: 50, load_seconds: 1}
        """;

    private const string Staging = $"""
        environment: staging
        stage: Staging
        models: {Team.Model}
        listen: 127.0.0.1:0
        """;

    private const string Production = """
        environment: production
        stage: Production
        models: iris-classifier
        listen: 127.0.0.1:0
        workers: 4
        rollout:
          strategy: canary
          steps: [{percent: 30, samples: 60}]
          least_samples: 30
          horizon: 10m
          # Four workers more on two busy cores are slower than any model.
          tolerate: {latency: 50}
        """;

    private Team _team = null!;
    private LiveEnvironment _staging = null!;
    private LiveEnvironment _production = null!;

    public async Task InitializeAsync()
    {
        _team = await Team.GatherAsync();
        (_staging, _production) = (_team.Environment("staging"), _team.Environment("production"));
    }

    public async Task DisposeAsync() => await _team.DisposeAsync();

    [Promise]
    public async Task A_model_comes_to_production_a_bad_one_is_thrown_out_and_the_audit_log_tells_it()
    {
        var first = await FurnishAsync();
        await TryAsync(first);
        await _team.ReleaseAsync(first);
        await _team.UntilPromotionAsync(first, "completed");
        await CheckAnswerAsync(_production, first);
        Assert.Equal(401, (await _production.PredictAsync(IrisModels.Request, null)).Status);
        Assert.Equal(4, await WorkersAsync(first));

        var bad = await _team.RegisterAsync(0.99, IrisModels.AlwaysVirginica());
        await _team.RunAsync("bob", "promote", Team.Model, bad, "--to", "Staging", "--wait");
        await CanaryAsync(bad, first, "rolled_back");
        Assert.Equal(["Production", "Staging"], await _team.StagesAsync());
        await _production.UntilServedAsync(first);

        var better = await _team.RegisterAsync(0.98);
        await _team.RunAsync("bob", "promote", Team.Model, better, "--to", "Staging", "--wait");
        await CanaryAsync(better, first, "completed");
        Assert.Equal(["Archived", "Archived", "Production"], await _team.StagesAsync());

        var answers = await AskWhileAsync(async () =>
        {
            Assert.Contains($"{Team.Model} {first} is in Production again", await _team.RunAsync("bob", "rollback", Team.Model, "--reason", "Errors since noon"), StringComparison.Ordinal);
            await _production.UntilServedAsync(first);
        });
        Assert.Subset(new HashSet<string> { first, better }, answers);
        Assert.Equal(["Production", "Archived", "Archived"], await _team.StagesAsync());
        await CheckAuditAsync(first, bad, better);
    }

    // The environments first: bob's model comes to the stages while they are served.
    private async Task<string> FurnishAsync()
    {
        await _team.ApplyAsync("pipelines", Pipeline);
        await _team.ApplyAsync("environments", Staging);
        await _team.ApplyAsync("environments", Production);
        var first = await _team.RegisterAsync(0.97);
        await _team.RunAsync("root", "permissions", "grant", "promote", "--model", Team.Model, "--user", "bob");
        await _team.RunAsync("root", "permissions", "grant", "EDIT", "--model", Team.Model, "--user", "ci");
        return first;
    }

    // As the tutorial's deployer does it: validated, then moved by MLflow's client, which answers when it serves.
    private async Task TryAsync(string version)
    {
        await _team.RunAsync("bob", "test", Team.Model, version, "--only", "schema", "inference");
        using var bob = _team.As("bob");
        (await bob.PostAsync("model-versions/transition-stage", new { name = Team.Model, version, stage = "Staging", archive_existing_versions = true })).Ok();
        await CheckAnswerAsync(_staging, version);
    }

    private async Task CheckAnswerAsync(LiveEnvironment environment, string version)
    {
        var (status, by, text) = await environment.PredictAsync(IrisModels.Request, _team.TokenOf("shop"));
        Assert.Equal((200, version), (status, by));
        Assert.StartsWith("""{"predictions":[{"label":0,""", text, StringComparison.Ordinal);
    }

    // Callers meet both versions while they are compared, and never a failure.
    private async Task CanaryAsync(string version, string stable, string state)
    {
        var answers = await AskWhileAsync(async () =>
        {
            await _team.ReleaseAsync(version);
            await _team.UntilPromotionAsync(version, state);
        });
        Assert.Equal([.. new[] { stable, version }.Order()], answers.Order());
    }

    private async Task<HashSet<string>> AskWhileAsync(Func<Task> happens) =>
        [.. (await _production.AskWhileAsync(happens, number => IrisModels.Of(IrisModels.Flowers[number % IrisModels.Flowers.Count]))).Keys];

    private async Task<int> WorkersAsync(string version)
    {
        var shown = await _team.AskAsync("bob", "deployments", Team.Model);
        return shown["deployments"]!.AsArray()
            .Single(one => one!["environment"]!.GetValue<string>() == "production" && one["version"]!.GetValue<string>() == version)!["healthy_workers"]!.GetValue<int>();
    }

    private async Task CheckAuditAsync(string first, string bad, string better)
    {
        var page = await _team.AskAsync("root", "audit", "list", "--model", Team.Model, "--order", "oldest", "--limit", "1000");
        var told = page["entries"]!.AsArray().Where(entry => entry!["outcome"]!.GetValue<string>() == "done").Select(entry => Tell(entry!)).ToList();
        AssertInOrder(told, [
            $"bob version.create {Team.Model}",
            $"bob test.record {first}", $"bob promotion.request {first}", $"bob rollout.begin {first}", $"bob promotion.complete {first}",
            $"bob promotion.request {first}", $"ann promotion.approve {first}", $"bob rollout.begin {first}", $"bob promotion.complete {first}",
            $"bob version.create {Team.Model}", $"slipway test.record {bad}", $"bob promotion.complete {bad}",
            $"ann promotion.approve {bad}", $"bob rollout.begin {bad}", $"slipway rollout.roll-back {bad}",
            $"ann promotion.approve {better}", $"bob rollout.begin {better}", $"bob promotion.complete {better}",
            $"bob version.rollback {Team.Model}", $"slipway deployment.return {first}",
        ]);
        Assert.Contains("All ", await _team.RunAsync("root", "audit", "verify"), StringComparison.Ordinal);
    }

    private static string Tell(JsonNode entry) => $"{entry["actor"]} {entry["action"]} {entry["resource"]!.GetValue<string>().Split('/')[^1]}";

    private static void AssertInOrder(List<string> told, string[] wanted)
    {
        var at = 0;
        foreach (var line in wanted)
        {
            var found = told.IndexOf(line, at);
            Assert.True(found >= 0, $"'{line}' is not told after entry {at} of:\n{string.Join('\n', told)}");
            at = found + 1;
        }
    }
}
