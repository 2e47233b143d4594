using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>revocations</c>.</summary>
internal static class Revocations
{
    /// <summary>Why the version must not enter a governed stage again; null when it may.</summary>
    public static Task<string?> FindReasonAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        reader.FindAsync($"select reason from revocations where version = {version}", row => row.GetString(0), cancellationToken);

    /// <returns>False when it was revoked already.</returns>
    public static async Task<bool> TryAddAsync(Change change, long version, string reason, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"""
            insert into revocations (version, reason, actor, at, seq)
            values ({version}, {reason}, {change.Info.Actor.Name}, {change.Info.At}, {change.Info.Sequence})
            on conflict (version) do nothing
            """, cancellationToken) == 1;
}
