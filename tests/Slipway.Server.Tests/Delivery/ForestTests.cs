using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>The tutorial's random forest, as scikit-learn pickles it, on the same way to Production.</summary>
[Needs("python3-sklearn")]
public sealed class ForestTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    /// <summary>What the tutorial sends with curl.</summary>
    private const string Request = """{"dataframe_split": {"columns": ["0", "1", "2", "3"], "data": [[5.1, 3.5, 1.4, 0.2]]}}""";

    // It logs neither an example nor a signature, so it is tested with the rows of a dataset.
    private const string Pipeline = """
        pipeline: iris
        models: iris-classifier
        stages:
          - name: Staging
            gates:
              metrics: {accuracy: {min: 0.85}}
              tests: [pickle_scan, inference_test, accuracy]
            testing: {dataset: iris-eval@1.0.0, label: species, accuracy: 0.9}
          - name: Production
            gates:
              metrics: {accuracy: {min: 0.90}}
              previous_stage: Staging
              tests: [latency_test, distribution_test, load_test, integration_test]
              approvals: {count: 1, group: ml-leads}
            testing: {dataset: iris-eval@1.0.0, label: species, load_rate: 5, load_seconds: 1, latency_p95_ms: 10000}
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
    public async Task It_answers_the_request_of_the_tutorial_in_production()
    {
        await _team.ApplyAsync("pipelines", Pipeline);
        await _team.ApplyAsync("environments", Environment("staging", "Staging", workers: 1));
        await _team.ApplyAsync("environments", Environment("production", "Production", workers: 4));
        using var bob = _team.As("bob");
        await IrisModels.AddTableAsync(bob, "iris-eval");
        var version = await _team.RegisterAsync(0.97, await TrainAsync());
        await _team.RunAsync("root", "permissions", "grant", "promote", "--model", Team.Model, "--user", "bob");
        await _team.RunAsync("root", "permissions", "grant", "EDIT", "--model", Team.Model, "--user", "ci");

        await _team.RunAsync("bob", "promote", Team.Model, version, "--to", "Staging", "--wait");
        await CheckAnswerAsync(_staging, version);
        await _team.ReleaseAsync(version);
        await _team.UntilPromotionAsync(version, "completed");

        await CheckAnswerAsync(_production, version);
        Assert.Equal(["Production"], await _team.StagesAsync());
    }

    private static string Environment(string name, string stage, int workers) => $"""
        environment: {name}
        stage: {stage}
        models: {Team.Model}
        listen: 127.0.0.1:0
        workers: {workers}
        """;

    private async Task CheckAnswerAsync(LiveEnvironment environment, string version) =>
        Assert.Equal((200, version, """{"predictions":[0]}"""), await environment.PredictAsync(Request, _team.TokenOf("shop")));

    // Trained and pickled by the tutorial's own lines.
    private async Task<(string Name, byte[] Content)[]> TrainAsync()
    {
        var folder = Path.Join(_team.Folder, "trained");
        await Command.RunAsync([Python, "-I", Path.Join(AppContext.BaseDirectory, "Files", "make_models.py"), folder]);
        return [.. Directory.EnumerateFiles(Path.Join(folder, "iris")).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
    }
}
