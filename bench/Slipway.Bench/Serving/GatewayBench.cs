using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Slipway.Bench.Load;
using Slipway.Bench.Machine;
using Slipway.Serving.Gateway.Records;
using Slipway.Testing;

namespace Slipway.Bench.Serving;

/// <summary>A worker that echoes, asked directly and through a gateway in turn.</summary>
internal static class GatewayBench
{
    private const int Parts = 5;
    private const double GoalShare = 0.25;
    private const double GoalAddedMilliseconds = 0.15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Operation Echo = new(Template.Post(Yardstick.EchoPath, """{"predictions": [[5.1, 3.5, 1.4, 0.2]]}"""), (_, _) => { });

    /// <summary>Answers a table in Markdown.</summary>
    public static async Task<string> RunAsync(TimeSpan time, IReadOnlyList<int> connections)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-");
        await using var worker = await YardstickProcess.StartAsync();
        await using var gateway = LeashedProcess.Start(new Leash(
            [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Join(AppContext.BaseDirectory, "slipway.dll"), "gateway", "--folder", folder.FullName])
        { Folder = folder.FullName });
        await gateway.WaitForLineAsync(line => line.StartsWith("The gateway", StringComparison.Ordinal), Patience);
        var address = await ServeAsync(Path.Join(folder.FullName, "control.sock"), worker.Address);
        var table = new StringBuilder()
            .AppendLine("| connections | directly, requests/s | p50 ms | through the gateway | p50 ms | p99 ms | share | goal | added p50 ms | goal |")
            .AppendLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var count in connections)
        {
            table.AppendLine(Measure(worker.Address, address, count, time));
        }

        return table.ToString();
    }

    private static async Task<Uri> ServeAsync(string socket, Uri worker)
    {
        using var control = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken) }) { BaseAddress = new Uri("http://gateway") };
        var table = new GatewayTable
        {
            Epoch = 1,
            Environment = "bench",
            Listen = "http://127.0.0.1:0",
            Models = [new ServedModel { Name = "echo", Deployments = [new Deployment { Id = "d1", Version = "1", Role = DeploymentRole.Stable, Folder = "/", Addresses = [worker.ToString().TrimEnd('/')] }] }],
        };
        using var put = await control.PutAsync("/table", new ByteArrayContent(GatewayJson.Write(table)));
        put.EnsureSuccessStatusCode();
        var state = GatewayJson.Read<GatewayState>(await put.Content.ReadAsByteArrayAsync());
        while (state.Models[0].Deployments[0].Workers is not [{ Health: WorkerHealth.Healthy }])
        {
            state = GatewayJson.Read<GatewayState>(await control.GetByteArrayAsync("/state"));
        }

        return new Uri(state.Address!);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static string Measure(Uri worker, Uri gateway, int connections, TimeSpan time)
    {
        using var direct = new Loader(worker, connections);
        using var through = new Loader(gateway, connections);
        direct.Run(Echo, time);
        through.Run(Echo, time);
        var (alone, measured) = (new Measurement(), new Measurement());
        for (var part = 0; part < Parts; part++)
        {
            direct.Run(Echo, time / Parts, alone);
            through.Run(Echo, time / Parts, measured);
        }

        if (measured.FirstError is { } error)
        {
            throw new InvalidOperationException($"The gateway answered {error}");
        }

        var added = (measured.Percentile(0.5) - alone.Percentile(0.5)).TotalMilliseconds;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {connections} | {alone.Rate:N0} | {alone.Percentile(0.5).TotalMilliseconds:N2} | {measured.Rate:N0} | {measured.Percentile(0.5).TotalMilliseconds:N2} | {measured.Percentile(0.99).TotalMilliseconds:N2} | {measured.Rate / alone.Rate:P0} | ≥ {GoalShare:P0} | {added:N2} | {(connections == 1 ? $"≤ {GoalAddedMilliseconds:N2}" : "")} |");
    }
}
