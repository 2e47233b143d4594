using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Moves files of the old layout into the store, one by one. Their names are readable at every moment.</summary>
internal sealed class OldLayout(ArtifactRoot root, ContentStore contents, Database database, Ingest ingest)
{
    private readonly PlainFiles _plain = new(root, new KnownDigests(database, ingest));

    /// <summary>Moves all, or only counts them.</summary>
    public async Task<MovedFiles> MoveAsync(bool onlyCount, CancellationToken cancellationToken)
    {
        var moved = new MovedFiles(0, 0, []);
        foreach (var entry in _plain.ListAll(ArtifactPath.Root))
        {
            try
            {
                if (onlyCount || await TryMoveAsync(entry, cancellationToken))
                {
                    moved = moved with { Files = moved.Files + 1, Bytes = moved.Bytes + entry.Size };
                }
            }
            catch (Fault fault) when (fault.Kind is FaultKind.Damaged or FaultKind.Invalid)
            {
                moved = moved with { Problems = [.. moved.Problems, fault.Message] };
            }
        }

        return moved;
    }

    /// <summary>In a transaction: keeps files of the old layout from being moved and deleted at the same time.</summary>
    public static Task HoldAsync(Writer writer, CancellationToken cancellationToken) =>
        writer.AnyAsync($"select 1 from counters where name = 'content_epoch' {writer.Dialect.ForUpdate}", cancellationToken);

    private async Task<bool> TryMoveAsync(ArtifactEntry entry, CancellationToken cancellationToken)
    {
        var isNamed = await database.ReadAsync(reader => ArtifactNames.FindAsync(reader, entry.Path, cancellationToken), cancellationToken) is { IsFolder: false };
        if (!isNamed && !await TryStoreAsync(entry, cancellationToken))
        {
            return false;
        }

        // It has the name in the store, so nobody sees this one any more.
        await root.RemoveAsync(entry.Path, cancellationToken);
        return true;
    }

    private async Task<bool> TryStoreAsync(ArtifactEntry entry, CancellationToken cancellationToken)
    {
        await using var file = _plain.TryOpen(entry.Path);
        if (file is null)
        {
            return false;
        }

        var known = await database.ReadAsync(reader => ArtifactDigests.ListAsync(reader, entry.Path, cancellationToken), cancellationToken);
        await using var upload = await contents.BeginAsync(cancellationToken);
        await upload.ReceiveAsync(file, cancellationToken);
        try
        {
            await upload.CompleteAsync(async (writer, stored, token) =>
            {
                Check(entry, stored, known.GetValueOrDefault(entry.Path.Text));
                await HoldAsync(writer, token);
                if (_plain.Find(entry.Path) != entry)
                {
                    throw Fault.NotFound($"'{entry.Path}' was deleted meanwhile.");
                }

                await ArtifactNames.PutAsync(writer, entry.Path, stored, entry.ModifiedAt, token);
                await ArtifactDigests.RemoveAsync(writer, entry.Path, token);
            });
            return true;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            return false;
        }
    }

    private static void Check(ArtifactEntry entry, StoredContent stored, ArtifactDigest? known)
    {
        if (known is not null && known.Size == entry.Size && known.ModifiedAt == entry.ModifiedAt && known.Sha256 != stored.Sha256)
        {
            throw Damage.Of(entry.Path.Text, known.Sha256, $"its bytes now hash to {stored.Sha256}");
        }
    }
}
