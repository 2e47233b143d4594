using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>A change of people. Every process lets go of what it remembers of them.</summary>
internal abstract record PeopleChange<T> : ChangeRequest<T>
{
    public sealed override async Task<T> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(change, cancellationToken);
        await IdentityEpoch.RaiseAsync(change, cancellationToken);
        return result;
    }

    protected abstract Task<T> ChangeAsync(Change change, CancellationToken cancellationToken);
}
