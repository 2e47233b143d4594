using Slipway.Store;

namespace Slipway.Server.Native;

/// <summary>Every statement that touches <c>idempotency_keys</c>: which requests were carried out, and what was answered.</summary>
internal static class IdempotencyKeys
{
    private const string Pending = "pending ";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>What is known of the key; null when it was never used, or only by this very request.</summary>
    /// <exception cref="Fault">The key belongs to another request.</exception>
    public static async Task<KeptAnswer?> FindAsync(Reader reader, string caller, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var kept = await reader.FindAsync(
            $"select fingerprint, answer from idempotency_keys where caller = {caller} and key = {key.Key}",
            row => new { Fingerprint = row.GetString(0), Answer = row.GetString(1) },
            cancellationToken);
        if (kept is null || kept.Answer == Pending + key.Nonce)
        {
            return null;
        }

        return kept.Fingerprint == key.Fingerprint
            ? new KeptAnswer(kept.Answer.StartsWith(Pending, StringComparison.Ordinal) ? null : kept.Answer)
            : throw Fault.Conflict($"The idempotency key '{key.Key}' was used for another request. Take a new key for each request.");
    }

    /// <summary>Notes that the request is carried out, and lets go of keys that are old.</summary>
    public static async Task TakeAsync(Change change, string caller, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await change.SendAsync($"delete from idempotency_keys where at < {change.Info.At - (long)Kept.TotalMilliseconds}", cancellationToken);
        await change.SendAsync($"""
            insert into idempotency_keys (caller, key, fingerprint, answer, at)
            values ({caller}, {key.Key}, {key.Fingerprint}, {Pending + key.Nonce}, {change.Info.At})
            on conflict (caller, key) do nothing
            """, cancellationToken);
    }

    /// <summary>Keeps what was answered.</summary>
    public static async Task<bool> KeepAsync(Writer writer, string caller, (IdempotencyKey Key, string Answer) kept, CancellationToken cancellationToken) =>
        await writer.ExecuteAsync($"""
            update idempotency_keys set answer = {kept.Answer}
            where caller = {caller} and key = {kept.Key.Key} and answer = {Pending + kept.Key.Nonce}
            """, cancellationToken) == 1;
}

/// <summary>The answer to a request that was carried out.</summary>
/// <param name="Json">Null when the process ended before it could be kept.</param>
internal sealed record KeptAnswer(string? Json);
