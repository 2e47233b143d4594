using Slipway.Testing;

namespace Slipway.Bench.Machine;

/// <summary>The yardstick's server, in a process of its own as ours is.</summary>
internal sealed class YardstickProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LeashedProcess _process;

    private YardstickProcess(LeashedProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<YardstickProcess> StartAsync()
    {
        var process = LeashedProcess.Start(new Leash([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(YardstickProcess).Assembly.Location, Yardstick.Verb]));
        var address = await process.WaitForLineAsync(line => line.StartsWith("http://", StringComparison.Ordinal), Patience);
        return new YardstickProcess(process, new Uri(address));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
