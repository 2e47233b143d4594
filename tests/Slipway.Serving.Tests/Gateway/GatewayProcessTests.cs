using System.Text;
using Slipway.Serving.Gateway.Records;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>What only whole processes can show: their deaths.</summary>
public sealed class GatewayProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-gw-").FullName;
    private LeashedProcess _gateway = null!;
    private HttpClient _control = null!;

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _control.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Killed_workers_are_replaced_and_a_killed_gateway_comes_back_by_itself()
    {
        using var callers = new HttpClient();
        await PutAsync(new GatewayTable
        {
            Epoch = 1,
            Environment = "production",
            Listen = "http://127.0.0.1:0",
            Models = [new Slipway.Serving.Gateway.Records.ServedModel { Name = "iris", Deployments = [new Deployment { Id = "d1", Version = "1", Role = DeploymentRole.Stable, Folder = Files.Of("iris"), Workers = 2 }] }],
        });
        var state = await WaitAsync(IsWell);
        var failures = 0;
        using var stop = new CancellationTokenSource();
        var asking = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await AskAsync(callers, state.Address!);
                failures += answer.IsSuccessStatusCode ? 0 : 1;
            }
        })));

        Signals.Send(state.Models[0].Deployments[0].Workers[0].Pid!.Value, Signals.Kill);
        var replaced = await WaitAsync(now => IsWell(now) && now.Models[0].Deployments[0].Workers[0].Restarts == 1);
        await stop.CancelAsync();
        await asking;

        Assert.Equal(0, failures);
        Assert.NotEqual(state.Models[0].Deployments[0].Workers[0].Pid, replaced.Models[0].Deployments[0].Workers[0].Pid);

        // Nobody tells the next one what to serve.
        Signals.Send(await _gateway.PidAsync(), Signals.Kill);
        await _gateway.DisposeAsync();
        await StartAsync();
        var again = await WaitAsync(IsWell);
        using var served = await AskAsync(callers, again.Address!);
        Assert.True(served.IsSuccessStatusCode, await served.Content.ReadAsStringAsync());
        Assert.Equal(1, again.Epoch);

        using var stopped = await _control.PostAsync("/stop", null);
        Assert.Equal(0, await _gateway.WaitForExitAsync(_patience));
    }

    private static bool IsWell(GatewayState state) => state.Models[0].Deployments[0].Workers is { Count: 2 } workers && workers.All(worker => worker.Health == WorkerHealth.Healthy);

    private static Task<HttpResponseMessage> AskAsync(HttpClient callers, string address) => callers.PostAsync(
        $"{address}/invocations",
        new StringContent("{\"dataframe_split\": {\"columns\": [\"sepal length (cm)\", \"sepal width (cm)\", \"petal length (cm)\", \"petal width (cm)\"], \"data\": [[5.1, 3.5, 1.4, 0.2]]}}", Encoding.UTF8, "application/json"));

    private async Task StartAsync()
    {
        _control?.Dispose();
        _gateway = LeashedProcess.Start(new Leash([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Join(AppContext.BaseDirectory, "slipway.dll"), "gateway", "--folder", _folder]));
        await _gateway.WaitForLineAsync(line => line.StartsWith("The gateway is controlled at", StringComparison.Ordinal), _patience);
        _control = Site.Connect(Path.Join(_folder, "control.sock"));
    }

    private async Task PutAsync(GatewayTable table)
    {
        using var answer = await _control.PutAsync("/table", new ByteArrayContent(GatewayJson.Write(table)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<GatewayState> WaitAsync(Func<GatewayState, bool> wanted)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var state = GatewayJson.Read<GatewayState>(await _control.GetByteArrayAsync("/state"));
            if (wanted(state))
            {
                return state;
            }

            Assert.False(patience.IsCancellationRequested, Encoding.UTF8.GetString(GatewayJson.Write(state)));
            await Task.Yield();
        }
    }
}
