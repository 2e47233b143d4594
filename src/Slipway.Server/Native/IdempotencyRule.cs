using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Native;

/// <summary>Sees to it that a request with an idempotency key changes something once: the key is taken in the transaction of its change.</summary>
internal sealed class IdempotencyRule : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (change.Info.Actor is Caller { Idempotency: { } key } caller && await IdempotencyKeys.FindAsync(change, caller.Name, key, cancellationToken) is { } kept)
        {
            throw new RepeatedException(kept);
        }
    }

    public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) =>
        change.Info.Actor is Caller { Idempotency: { } key } caller ? IdempotencyKeys.TakeAsync(change, caller.Name, key, cancellationToken) : Task.CompletedTask;
}

/// <summary>The request was carried out before.</summary>
internal sealed class RepeatedException(KeptAnswer kept) : Exception
{
    /// <exception cref="Fault">The answer was not kept.</exception>
    public string Json => kept.Json
        ?? throw Fault.Conflict("This request was carried out before, and its answer was lost with the process that gave it. Look at what it was to change.");
}
