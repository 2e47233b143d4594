using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Trusting;

/// <summary>Every statement that touches <c>trusts</c>: who answers for the code that a version's files may hold.</summary>
internal static class Trusts
{
    /// <summary>Who trusts the version, and why; null when nobody does.</summary>
    public static Task<TrustRow?> FindAsync(Reader reader, long version, CancellationToken cancellationToken) => reader.FindAsync(
        $"select manifest_digest, reason, actor, at from trusts where version = {version}",
        row => new TrustRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)),
        cancellationToken);

    /// <summary>Whether the code in files of this digest may run.</summary>
    public static async Task<bool> CoverAsync(Reader reader, long version, string? manifestDigest, CancellationToken cancellationToken) =>
        manifestDigest is not null && (await FindAsync(reader, version, cancellationToken))?.ManifestDigest == manifestDigest;

    /// <returns>False when it is trusted already.</returns>
    public static async Task<bool> TryAddAsync(Change change, long version, TrustRow trust, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"""
            insert into trusts (version, manifest_digest, reason, actor, at, seq)
            values ({version}, {trust.ManifestDigest}, {trust.Reason}, {trust.Actor}, {trust.At}, {change.Info.Sequence})
            on conflict (version) do nothing
            """, cancellationToken) == 1;

    /// <returns>False when nobody trusted it.</returns>
    public static async Task<bool> RemoveAsync(Change change, long version, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"delete from trusts where version = {version}", cancellationToken) == 1;
}

/// <summary>A row of <c>trusts</c>.</summary>
internal sealed record TrustRow(string ManifestDigest, string Reason, string Actor, long At)
{
    public VersionTrust ToWire(string model, string version) => new(model, version, ManifestDigest, Reason) { TrustedBy = Actor, TrustedAt = At };
}
