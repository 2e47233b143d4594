using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Every statement that touches <c>identity_epoch</c>: which state of people this is.</summary>
internal static class IdentityEpoch
{
    public static Task<long> ReadAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.FindAsync($"select epoch from identity_epoch where id = 1", row => row.GetInt64(0), cancellationToken);

    public static Task RaiseAsync(Change change, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update identity_epoch set epoch = epoch + 1 where id = 1", cancellationToken);
}
