namespace Slipway.Serving.Workers;

/// <summary>Where workers live.</summary>
internal interface IWorkers : IAsyncDisposable
{
    /// <summary>Starts a worker and looks after it until it is stopped: a worker that ends, hangs or leaks is replaced. It is not ready yet when this returns.</summary>
    Task<IWorker> StartAsync(WorkerOptions options, CancellationToken cancellationToken);
}

/// <summary>One worker, whichever process is behind it at the moment.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>Where it answers; the same for its whole life.</summary>
    WorkerAddress Address { get; }

    WorkerHealth Health { get; }

    /// <summary>Returns when it is ready.</summary>
    /// <exception cref="WorkerFailedException">It could not load its model; the message says why, with its last output.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Lets the requests under way end, for a bounded time, and ends it.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>What a worker is doing.</summary>
internal enum WorkerState
{
    /// <summary>It loads its model.</summary>
    Starting,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It ended or was ended, and is started again after a while.</summary>
    Replacing,

    /// <summary>It was stopped.</summary>
    Stopped,
}

/// <summary>How a worker is.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Replaced">How often its process was replaced.</param>
/// <param name="Failure">Why it was replaced the last time; null when it never was.</param>
/// <param name="Output">The last lines of what its processes wrote.</param>
internal sealed record WorkerHealth(WorkerState State, int Replaced, string? Failure, IReadOnlyList<string> Output);

/// <summary>A worker does not come up.</summary>
internal sealed class WorkerFailedException(string message) : Exception(message);
