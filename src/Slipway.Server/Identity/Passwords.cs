using System.Collections.Concurrent;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Makes and compares hashes of passwords, a few at a time: guessing must not take the processor from everybody else.</summary>
internal sealed class Passwords : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int Limit = 10_000;

    // What a credential was found to match. People change, and with them all that is remembered of who they are, but the
    // same password still matches the same hash: only a new one costs its time again.
    private readonly ConcurrentDictionary<CredentialKey, string> _matched = new();
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <exception cref="Fault">It is no password that may be set, or too many are waiting.</exception>
    public Task<string> HashAsync(string? password, CancellationToken cancellationToken)
    {
        var text = PasswordHash.Check(password);
        return InTurnAsync(() => PasswordHash.Make(text), cancellationToken);
    }

    /// <exception cref="Fault">Too many are waiting.</exception>
    public Task<bool> MatchesAsync(string password, string? kept, CancellationToken cancellationToken) =>
        InTurnAsync(() => PasswordHash.Matches(password, kept), cancellationToken);

    /// <inheritdoc cref="MatchesAsync(string, string, CancellationToken)"/>
    public async Task<bool> MatchesAsync(CredentialKey key, string password, string? kept, CancellationToken cancellationToken)
    {
        if (kept is not null && _matched.TryGetValue(key, out var known) && known == kept)
        {
            return true;
        }

        if (!await MatchesAsync(password, kept, cancellationToken))
        {
            return false;
        }

        if (_matched.Count >= Limit)
        {
            _matched.Clear();
        }

        _matched[key] = kept!;
        return true;
    }

    public void Dispose() => _places.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(Patience, cancellationToken))
        {
            throw Fault.Unavailable("Too many passwords are being checked at once. Try again.");
        }

        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _places.Release();
        }
    }
}
