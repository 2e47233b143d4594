using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>revocations</c>.</summary>
internal static class Revocations
{
    /// <summary>Why the version must not enter a governed stage again; null when it may.</summary>
    public static Task<string?> FindReasonAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        reader.FindAsync($"select reason from revocations where version = {version}", row => row.GetString(0), cancellationToken);
}
