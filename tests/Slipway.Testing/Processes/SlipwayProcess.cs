namespace Slipway.Testing;

/// <summary>The built executable, serving on a free port: for what only a whole process can show, such as its death.</summary>
public sealed class SlipwayProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly LeashedProcess _process;

    private SlipwayProcess(LeashedProcess process, int pid, Uri address)
    {
        _process = process;
        Pid = pid;
        Address = address;
    }

    public Uri Address { get; }

    public int Pid { get; }

    /// <summary>What it wrote to stdout so far.</summary>
    public IReadOnlyList<string> Output => _process.Output;

    /// <summary>What it wrote to stderr so far.</summary>
    public IReadOnlyList<string> Errors => _process.Errors;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts <c>slipway serve</c> on this folder and database and waits until it says its address.</summary>
    public static async Task<SlipwayProcess> StartAsync(
        Fresh fresh, IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = LeashedProcess.Start(new Leash([.. Serve(fresh), .. arguments ?? []])
        {
            Environment = environment ?? new Dictionary<string, string>(),
            WorkingFolder = fresh.Folder,
        });
        try
        {
            var line = await process.WaitForLineAsync(line => FindAddress(line) is not null, _patience);
            return new SlipwayProcess(process, await process.PidAsync(), FindAddress(line)!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it, as a crash would, and waits until it is gone.</summary>
    public async Task KillAsync() => await SignalAsync(Signals.Kill);

    /// <summary>Asks it to stop, waits until it has, and answers its exit code.</summary>
    public async Task<int> StopAsync() => await SignalAsync(Signals.Terminate);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // The executable's files lie beside ours: the test projects refer to it.
    internal static string[] Serve(Fresh fresh) =>
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Join(AppContext.BaseDirectory, "slipway.dll"),
        "serve", "--port", "0", "--data", fresh.Folder,
        .. fresh.Database is { } database ? ["--database", database] : Array.Empty<string>(),
    ];

    internal static Uri? FindAddress(string line) => line
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal))
        .Select(word => new Uri(word.TrimEnd('.', ',')))
        .FirstOrDefault();

    private async Task<int> SignalAsync(int signal)
    {
        if (!_process.HasExited)
        {
            Signals.Send(Pid, signal);
        }

        return await _process.WaitForExitAsync(_patience);
    }
}
