using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Every statement that touches <c>artifact_digests</c>.</summary>
internal static class ArtifactDigests
{
    /// <summary>The digests known of a file, or of all files below a folder, by name.</summary>
    public static async Task<Dictionary<string, ArtifactDigest>> ListAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken)
    {
        var rows = await reader.ListAsync($"select path, size, modified_at, sha256 from artifact_digests where {path.Within()}", Map, cancellationToken);
        return rows.ToDictionary(row => row.Path, StringComparer.Ordinal);
    }

    public static async Task PutAsync(Writer writer, IEnumerable<ArtifactDigest> digests, CancellationToken cancellationToken)
    {
        foreach (var digest in digests)
        {
            await writer.ExecuteAsync($"""
                insert into artifact_digests (path, size, modified_at, sha256)
                values ({digest.Path}, {digest.Size}, {digest.ModifiedAt}, {digest.Sha256})
                on conflict (path) do update set size = excluded.size, modified_at = excluded.modified_at, sha256 = excluded.sha256
                """, cancellationToken);
        }
    }

    public static Task RemoveAsync(Writer writer, ArtifactPath path, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from artifact_digests where {path.Within()}", cancellationToken);

    private static ArtifactDigest Map(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3));
}

/// <summary>What a stored file's bytes hash to, as long as its size and time of change are these.</summary>
internal sealed record ArtifactDigest(string Path, long Size, long ModifiedAt, string Sha256);
