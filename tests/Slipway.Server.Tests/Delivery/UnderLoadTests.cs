using System.Diagnostics;
using Slipway.Server.Tests.Identity;
using Slipway.Serving.Gateway.Records;
using Slipway.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What callers see of rollouts, rollbacks and deaths while they ask and ask. <c>SLIPWAY_TEST_LARGE=1</c> asks 1,000 times a second.</summary>
[Needs("onnx")]
public sealed class UnderLoadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 20;
    private const string Pipeline = "pipeline: iris\nmodels: iris\nstages: [{name: Staging}, {name: Production}]";

    // Busy cores are no fault of a candidate.
    private const string BlueGreen = "rollout: {strategy: blue-green, tolerate: {latency: 100}}";
    private const string Canary = "rollout: {strategy: canary, steps: [{percent: 10, samples: 50}, {percent: 50, samples: 100}], horizon: 10m, inconclusive: pass, tolerate: {latency: 100}}";

    private static readonly bool IsLarge = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LARGE") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // What is promised is a second; a machine that has other things to do is given more.
    private static readonly TimeSpan RollbackBound = TimeSpan.FromSeconds(IsLarge ? 1 : 5);

    private Fresh _fresh = null!;
    private LiveEnvironment _live = null!;
    private SlipwayProcess _server = null!;
    private WireClient _client = null!;
    private Traffic? _traffic;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _live = new LiveEnvironment(_fresh.Folder, "live");
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await (_traffic?.DisposeAsync() ?? ValueTask.CompletedTask);
        _client.Dispose();
        await _server.DisposeAsync();
        await _live.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task Callers_see_no_failure_of_what_is_planned_nor_of_a_server_that_dies()
    {
        (await _client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline })).Ok();
        await ApplyAsync(BlueGreen);
        var first = await ReleaseAsync();
        _traffic = new Traffic(_live, IsLarge ? 1000 : 150, Seed);
        await DuringAsync("some seconds", () => Task.Delay(TimeSpan.FromSeconds(IsLarge ? 10 : 2)));

        var second = "";
        await DuringAsync("blue-green", async () => second = await ReleaseAsync());
        await DuringAsync("rollback", () => RollBackAsync(second, first));
        await ApplyAsync(Canary);
        var third = "";
        await DuringAsync("canary", async () => third = await ReleaseAsync());
        await KillWorkerAsync(third);
        await DuringAsync("the server's death", () => RestartAsync(third));
        await _traffic.StopAsync();

        var counted = _traffic.Answered.CountBy(asked => asked.By).ToDictionary();
        output.WriteLine(string.Join('\n', counted.Select(one => $"{one.Value} × {one.Key}")));
        Assert.All([first, second, third], version => Assert.True(counted.GetValueOrDefault(version) > 0, version));
    }

    private async Task StartAsync()
    {
        _server = await SlipwayProcess.StartAsync(_fresh);
        _client = new WireClient(_server.Address);
    }

    private async Task ApplyAsync(string rollout) =>
        (await _client.PostAsync(Crowd.Native + "environments", new { text = $"environment: live\nstage: Production\nmodels: iris\nlisten: 127.0.0.1:0\nworkers: 2\n{rollout}" })).Ok();

    // Until it serves alone.
    private async Task<string> ReleaseAsync()
    {
        var version = await IrisModels.RegisterAsync(_client, "iris");
        (await _client.PostAsync("model-versions/transition-stage", new { name = "iris", version, stage = "Production" })).Ok();
        await UntilAsync(async () => (await StableAsync())?.Version == version);
        return version;
    }

    private async Task RollBackAsync(string from, string to)
    {
        var commanded = Stopwatch.GetTimestamp();
        (await _client.PostAsync($"{Crowd.Native}models/iris/rollback", new { reason = "too bold" })).Ok();
        await Task.Delay(RollbackBound + TimeSpan.FromSeconds(1));
        var after = _traffic!.Answered.Where(asked => asked.Begun > commanded).ToList();
        var last = after.Where(asked => asked.By == from).Select(asked => Stopwatch.GetElapsedTime(commanded, asked.Begun)).DefaultIfEmpty().Max();
        output.WriteLine($"The last request to the old version began {last.TotalMilliseconds:0} ms after the command.");
        Assert.InRange(last, TimeSpan.Zero, RollbackBound);
        Assert.Contains(after, asked => asked.By == to);
    }

    // What it had in hands may be lost, or be answered by the other one.
    private async Task KillWorkerAsync(string version)
    {
        var before = _traffic!.Answered.Count;
        var killed = (await StableAsync())!.Workers[0].Pid!.Value;
        Signals.Send(killed, Signals.Kill);
        await UntilAsync(async () => (await StableAsync())!.Workers is var workers && workers.All(worker => worker.Health == WorkerHealth.Healthy && worker.Pid != killed));
        var since = _traffic.Answered.Skip(before).ToList();
        output.WriteLine($"A worker's death: {since.Count(asked => asked.Failed)} of {since.Count} requests failed.");
        Assert.InRange(since.Count(asked => asked.Failed), 0, 32);
        Assert.All(since.Where(asked => !asked.Failed), asked => Assert.Equal(version, asked.By));
    }

    private async Task RestartAsync(string version)
    {
        var epoch = (await _live.StateAsync()).Epoch;
        await _server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        _client.Dispose();
        await _server.DisposeAsync();
        await StartAsync();
        await UntilAsync(async () => (await _live.StateAsync()).Epoch > epoch);
        Assert.Equal(version, await _live.AskAsync());
    }

    private async Task DuringAsync(string what, Func<Task> happens)
    {
        var (before, begun) = (_traffic!.Answered.Count, Stopwatch.GetTimestamp());
        await happens();
        var since = _traffic.Answered.Skip(before).ToList();
        output.WriteLine($"During {what}: {since.Count} requests in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s.");
        Assert.NotEmpty(since);
        Assert.DoesNotContain(since, asked => asked.Failed);
    }

    private async Task<DeploymentState?> StableAsync()
    {
        try
        {
            var state = await _live.StateAsync();
            return state.Models.SingleOrDefault()?.Deployments.SingleOrDefault(deployment => deployment is { Role: DeploymentRole.Stable, Percent: 100 });
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await happened())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
