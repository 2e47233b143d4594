using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Looks at most once a second whether people changed, in this process or another, and then lets go of all it remembers of them.</summary>
internal sealed class PeopleWatch(Database database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Look? _last;

    /// <summary>Those who are known, as of no more than a second ago.</summary>
    /// <exception cref="Fault">The database can't be asked: nobody is let in on what was true once.</exception>
    public ValueTask<KnownPeople> CurrentAsync(CancellationToken cancellationToken) =>
        _last is { } last && IsFresh(last) ? ValueTask.FromResult(last.People) : new(LookAsync(cancellationToken));

    /// <summary>Makes the next caller look: people were changed by this process.</summary>
    public void Expire() => _last = _last is { } last ? last with { At = long.MinValue } : null;

    public void Dispose() => _turn.Dispose();

    private bool IsFresh(Look look) => look.At != long.MinValue && time.GetElapsedTime(look.At) < Interval;

    private async Task<KnownPeople> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var last = _last;
            if (last is not null && IsFresh(last))
            {
                return last.People;
            }

            // Counted from before the look: what commits while it is under way is seen within the next second.
            var at = time.GetTimestamp();
            var people = await ReadAsync(last?.People);
            Interlocked.CompareExchange(ref _last, new Look(people, at), last);
            return people;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<KnownPeople> ReadAsync(KnownPeople? known)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await database.ReadAsync(
                async reader => await IdentityEpoch.ReadAsync(reader, patience.Token) is var epoch && epoch == known?.Epoch
                    ? known
                    : new KnownPeople(epoch, await Users.AnyAsync(reader, patience.Token)),
                patience.Token);
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            throw Fault.Unavailable("The database can't be asked who you are. Try again.", exception);
        }
    }

    private sealed record Look(KnownPeople People, long At);
}
