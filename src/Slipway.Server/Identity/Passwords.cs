using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Makes and compares hashes of passwords, a few at a time: guessing must not take the processor from everybody else.</summary>
internal sealed class Passwords : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
