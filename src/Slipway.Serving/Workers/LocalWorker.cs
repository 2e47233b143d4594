using System.Diagnostics;

namespace Slipway.Serving.Workers;

/// <summary>Keeps one worker alive: when its process ends, hangs or takes too much memory, the next one takes its place.</summary>
internal sealed class LocalWorker : IWorker
{
    public const string SocketName = "s";

    private readonly WorkerOptions _worker;
    private readonly LocalWorkersOptions _options;
    private readonly string _folder;
    private readonly LastOutput _output = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private volatile Attempt _attempt = new();
    private volatile WorkerProcess? _process;
    private volatile string? _failure;
    private volatile WorkerState _state = WorkerState.Starting;
    private int _replaced;

    public LocalWorker(WorkerOptions worker, LocalWorkersOptions options, string folder)
    {
        (_worker, _options, _folder) = (worker, options, folder);
        Address = WorkerAddress.Socket(Path.Join(folder, SocketName));
        _work = Task.Run(WorkAsync);
    }

    public WorkerAddress Address { get; }

    public WorkerHealth Health => new(_state, _replaced, _failure, _output.Lines);

    /// <summary>The process behind it at the moment; null between two of them.</summary>
    public int? ProcessId => _process?.Id;

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        if (await _attempt.Outcome.Task.WaitAsync(cancellationToken) is { } failure)
        {
            throw new WorkerFailedException($"{failure}{string.Concat(_output.Lines.TakeLast(10).Select(line => $"\n  {line}"))}");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task WorkAsync()
    {
        var wait = _options.FirstWait;
        while (!_stop.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            await LiveAsync();
            if (_stop.IsCancellationRequested)
            {
                break;
            }

            _replaced++;
            wait = Stopwatch.GetElapsedTime(begun) > _options.LongestWait ? _options.FirstWait : wait;
            await Task.Delay(wait, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < _options.LongestWait ? wait * 2 : _options.LongestWait;
        }

        _state = WorkerState.Stopped;
        _attempt.Outcome.TrySetResult("The worker was stopped.");
        Directory.Delete(_folder, recursive: true);
    }

    // One process, from its start to its end.
    private async Task LiveAsync()
    {
        File.Delete(Address.SocketPath!);
        if (WorkerProcess.TryStart(_worker, _options, (Address, _folder), _output) is not { } started)
        {
            Settle($"'{_options.Program[0]}' can't be started.");
            return;
        }

        await using var process = started;
        _process = process;
        var failure = await process.LoadAsync(_stop.Token);
        if (failure is null)
        {
            _state = WorkerState.Ready;
            _attempt.Outcome.TrySetResult(null);
            failure = await process.WatchAsync(_stop.Token);
        }

        _process = null;
        Settle(failure);
        await process.EndAsync(_stop.IsCancellationRequested ? _options.StopLimit : TimeSpan.Zero);
    }

    // Whoever asks from now on waits for the next process.
    private void Settle(string failure)
    {
        _failure = failure;
        _state = WorkerState.Replacing;
        _attempt.Outcome.TrySetResult(failure);
        _attempt = new Attempt();
    }

    private sealed class Attempt
    {
        /// <summary>Null when it is ready, else why it is not.</summary>
        public TaskCompletionSource<string?> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
