namespace Slipway.Store;

/// <summary>A request of the hot path that waits for its commit, and its fate.</summary>
public abstract class PendingWrite
{
    /// <summary>Why it is to fail, decided but not yet told.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Asked first, in the transaction that writes; null when nobody has to be asked.</summary>
    internal WriteGuard? Guard { get; init; }

    internal abstract IngestKind Kind { get; }

    internal abstract int Weight { get; }

    internal abstract void Answer();
}

/// <inheritdoc/>
public sealed class PendingWrite<TRequest, TResult> : PendingWrite
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IngestKind<TRequest, TResult> _kind;
    private TResult _result = default!;

    internal PendingWrite(IngestKind<TRequest, TResult> kind, TRequest request) => (_kind, Request) = (kind, request);

    public TRequest Request { get; }

    internal override IngestKind Kind => _kind;

    internal override int Weight => _kind.Weigh(Request);

    internal Task<TResult> Task => _answer.Task;

    /// <summary>Says what the caller gets once the commit is on disk.</summary>
    public void Done(TResult result) => _result = result;

    internal override void Answer()
    {
        if (Failure is null)
        {
            _answer.TrySetResult(_result);
        }
        else
        {
            _answer.TrySetException(Failure);
        }
    }
}
