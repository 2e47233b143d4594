using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>A change that waits for its turn, and its fate.</summary>
internal abstract class PendingChange(Actor actor, ChangeRequest request)
{
    public string Id { get; } = Guid.CreateVersion7().ToString();

    public Actor Actor => actor;

    public ChangeRequest Request => request;

    /// <summary>Why it is to fail, decided but not yet told.</summary>
    public Exception? Failure { get; set; }

    /// <summary>It was ended by its own limit, and is not tried again.</summary>
    public bool TookTooLong { get; set; }

    /// <summary>The chain's end with this change in it; null while it has no entry.</summary>
    public ChainEnd? Entry { get; set; }

    public abstract Task ApplyAsync(Change change, CancellationToken cancellationToken);

    /// <summary>Tells the caller what was decided.</summary>
    public abstract void Answer();
}

/// <inheritdoc/>
internal sealed class PendingChange<T>(Actor actor, ChangeRequest<T> request) : PendingChange(actor, request)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _answer.Task;

    public override async Task ApplyAsync(Change change, CancellationToken cancellationToken) => _result = await request.ApplyAsync(change, cancellationToken);

    public override void Answer()
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
