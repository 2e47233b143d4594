using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>What files that lie outside the content store hash to: they are read once, and again when they were changed.</summary>
internal sealed class KnownDigests(Database database, Ingest ingest)
{
    /// <summary>The files with their digests, which are remembered as long as size and time of change are the same.</summary>
    /// <param name="path">What all of them lie at or below.</param>
    /// <param name="entries">The files.</param>
    /// <param name="hash">Reads one, and tells also whether a later change of it would show.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ArtifactEntry>> DigestAsync(
        ArtifactPath path,
        IReadOnlyList<ArtifactEntry> entries,
        Func<ArtifactEntry, CancellationToken, Task<(ArtifactDigest Digest, bool IsSettled)>> hash,
        CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        var known = await database.ReadAsync(reader => ArtifactDigests.ListAsync(reader, path, cancellationToken), cancellationToken);
        var learned = new List<ArtifactDigest>();
        var digested = new List<ArtifactEntry>(entries.Count);
        foreach (var entry in entries)
        {
            if (!known.TryGetValue(entry.Path.Text, out var digest) || digest.Size != entry.Size || digest.ModifiedAt != entry.ModifiedAt)
            {
                (digest, var isSettled) = await hash(entry, cancellationToken);
                learned.AddRange(isSettled ? [digest] : []);
            }

            digested.Add(entry with { Size = digest.Size, Sha256 = digest.Sha256 });
        }

        await RememberAsync(learned);
        return digested;
    }

    // The files are there whether or not this succeeds, and can be hashed again.
    private async Task RememberAsync(List<ArtifactDigest> digests)
    {
        if (digests.Count == 0)
        {
            return;
        }

        try
        {
            await ingest.WriteAsync(
                async (writer, cancellationToken) =>
                {
                    await ArtifactDigests.PutAsync(writer, digests, cancellationToken);
                    return digests.Count;
                },
                CancellationToken.None);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Unavailable)
        {
        }
    }
}
