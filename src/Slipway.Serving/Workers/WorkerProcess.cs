using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Slipway.Serving.Workers;

/// <summary>One process of a worker.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LoadCheckEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>The process gives up loading by itself, and says why; this is for one that does not.</summary>
    private static readonly TimeSpan LoadGrace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly WorkerOptions _worker;
    private readonly LocalWorkersOptions _options;
    private readonly HttpClient _http;
    private readonly Task _reading;

    private WorkerProcess(Process process, (WorkerOptions Worker, LocalWorkersOptions Options) how, WorkerAddress address, LastOutput output)
    {
        (_process, _worker, _options) = (process, how.Worker, how.Options);
        _reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), output.ReadAsync(process.StandardError));
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, token) => address.ConnectAsync(token) }) { Timeout = how.Options.CheckLimit };
    }

    public int Id => _process.Id;

    /// <summary>Null when the program is not there.</summary>
    public static WorkerProcess? TryStart(WorkerOptions worker, LocalWorkersOptions options, (WorkerAddress Address, string Folder) at, LastOutput output)
    {
        string[] command = [.. options.IsConfined ? Confinement.Prefix : [], .. options.Program, .. WorkerProgram.Arguments(worker, at.Address)];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = at.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in WorkerProgram.Environs(worker, at.Folder))
        {
            start.Environment[name] = value;
        }

        try
        {
            return new WorkerProcess(Process.Start(start)!, (worker, options), at.Address, output);
        }
        catch (Win32Exception exception)
        {
            output.Add(exception.Message + "\n");
            return null;
        }
    }

    /// <summary>Waits until it answers; null when it does, else why it never will.</summary>
    public async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (_process.HasExited)
            {
                return Ended();
            }

            if (Greed() is { } greed)
            {
                return greed;
            }

            if (Stopwatch.GetElapsedTime(begun) > _worker.LoadLimit + LoadGrace)
            {
                return $"It did not load its model within {_worker.LoadLimit.TotalSeconds:0.###} s.";
            }

            if (await AnswersAsync(cancellationToken))
            {
                return null;
            }

            await PauseAsync(LoadCheckEvery, cancellationToken);
        }

        return "It was stopped.";
    }

    /// <summary>Returns when it has to be replaced, and says why.</summary>
    public async Task<string> WatchAsync(CancellationToken cancellationToken)
    {
        var missed = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await PauseAsync(_options.CheckEvery, cancellationToken);
            if (_process.HasExited)
            {
                return Ended();
            }

            if (Greed() is { } greed)
            {
                return greed;
            }

            missed = await AnswersAsync(cancellationToken) ? 0 : missed + 1;
            if (missed == _options.ChecksMissed && !_process.HasExited)
            {
                return $"It hung: {missed} checks in a row were not answered.";
            }
        }

        return "It was stopped.";
    }

    /// <summary>Asks it to end, by closing what it reads, and ends it with all its children when it has not after this time.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _reading;
        _http.Dispose();
        _process.Dispose();
    }

    private string Ended() => _process.ExitCode > 128
        ? $"Its process was ended by signal {_process.ExitCode - 128}."
        : string.Create(CultureInfo.InvariantCulture, $"Its process ended with exit code {_process.ExitCode}.");

    private string? Greed() => _worker.MemoryLimit is { } limit && ResidentMemory.OfTree(_process.Id) is var held && held > limit
        ? string.Create(CultureInfo.InvariantCulture, $"It took {held >> 20} MiB of memory, and {limit >> 20} MiB are its limit.")
        : null;

    // Returns early when the process ends.
    private async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("http://localhost/ping"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
