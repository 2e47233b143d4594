using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>The stored artifacts: the one surface behind which they may lie elsewhere than on the local disk.</summary>
internal sealed class ArtifactStore(ArtifactRoot root, Trash trash, Database database, Ingest ingest)
{
    private const int ManifestLimit = 100_000;
    private static readonly EnumerationOptions EveryEntry = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private static readonly FileStreamOptions ForReading = new()
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0,
    };

    /// <summary>What has this name; null when nothing has.</summary>
    public ArtifactEntry? Find(ArtifactPath path) => root.Locate(path) is var place && place.Kind is PlaceKind.File or PlaceKind.Folder
        ? Describe(path, new FileInfo(place.FullPath))
        : null;

    /// <summary>Opens a file. Who has it open reads the same bytes to the end, also when it is overwritten or deleted.</summary>
    public ArtifactContent OpenRead(ArtifactPath path)
    {
        var place = root.Locate(path);
        if (place.Kind != PlaceKind.File)
        {
            throw place.Kind == PlaceKind.Folder ? Fault.Invalid($"'{path}' is a directory.") : NoSuch(path);
        }

        try
        {
            var stream = new FileStream(place.FullPath, ForReading);
            return new ArtifactContent(path, stream, stream.Length, Ticks(File.GetLastWriteTimeUtc(stream.SafeFileHandle)));
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NoSuch(path);
        }
    }

    /// <summary>What lies in the folder, one level deep, by name; nothing when it is no folder.</summary>
    public IReadOnlyList<ArtifactEntry> List(ArtifactPath folder) =>
        root.Locate(folder) is { Kind: PlaceKind.Folder } place ? Enumerate(folder, place.FullPath).OrderBy(entry => entry.Path.Name, CodePointOrder.Instance).ToList() : [];

    /// <summary>Every file at or below the name, in no order.</summary>
    public IEnumerable<ArtifactEntry> ListAll(ArtifactPath path)
    {
        var left = new Stack<ArtifactEntry>();
        if (Find(path) is { } first)
        {
            left.Push(first);
        }

        while (left.TryPop(out var entry))
        {
            if (!entry.IsFolder)
            {
                yield return entry;
                continue;
            }

            foreach (var child in List(entry.Path))
            {
                left.Push(child);
            }
        }
    }

    /// <summary>Stores a file, or replaces the one of this name. When this returns the bytes are on disk; until then nobody sees any of them.</summary>
    /// <exception cref="Fault">The name is taken by a folder, lies below a file, or the disk is full.</exception>
    public async Task<StoredFile> WriteAsync(ArtifactPath path, Stream body, CancellationToken cancellationToken)
    {
        root.LocateForFile(path);
        await using var incoming = await IncomingFile.ReceiveAsync(root.IncomingFolder, body, cancellationToken);
        var modifiedAt = root.NextTime();
        var stored = new StoredFile(path, incoming.Size, incoming.Seal(modifiedAt));
        await root.PlaceAsync(incoming.FullPath, path, cancellationToken);
        await RememberAsync([new ArtifactDigest(path.Text, stored.Size, modifiedAt, stored.Sha256)]);
        return stored;
    }

    /// <summary>Deletes a file or a whole folder; nothing happens, and nothing is recorded, when there is none.</summary>
    public async Task DeleteAsync(ArtifactPath path, Actor actor, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            throw Fault.Invalid("Invalid path: it names no artifact.");
        }

        if (Find(path) is not null)
        {
            await trash.MakeAsync(new DeleteArtifact(path, Count(path), trash), actor, cancellationToken);
        }
    }

    /// <summary>The files at or below the name with their digests; null when there are none.</summary>
    public async Task<Manifest?> ManifestAsync(ArtifactPath source, CancellationToken cancellationToken)
    {
        var entries = source.IsRoot ? [] : ListAll(source).Take(ManifestLimit + 1).ToList();
        if (entries.Count > ManifestLimit)
        {
            throw Fault.Invalid($"'{source}' holds more than {ManifestLimit} files.");
        }

        var known = await database.ReadAsync(reader => ArtifactDigests.ListAsync(reader, source, cancellationToken), cancellationToken);
        var learned = new List<ArtifactDigest>();
        var files = new List<ManifestFile>(entries.Count);
        foreach (var entry in entries)
        {
            if (!known.TryGetValue(entry.Path.Text, out var digest) || digest.Size != entry.Size || digest.ModifiedAt != entry.ModifiedAt)
            {
                digest = await HashAsync(entry.Path, cancellationToken);
                learned.Add(digest);
            }

            files.Add(new ManifestFile(entry.Path == source ? source.Name : entry.Path.From(source), digest.Size, digest.Sha256));
        }

        await RememberAsync(learned);
        return files.Count == 0 ? null : Manifest.Of(files);
    }

    // As fine as the file system keeps it: two writes may fall into one millisecond.
    private static long Ticks(DateTime time) => (time - DateTime.UnixEpoch).Ticks;

    private static Fault NoSuch(ArtifactPath path) => Fault.NotFound($"No such artifact: '{path}'");

    private static List<ArtifactEntry> Enumerate(ArtifactPath folder, string fullPath)
    {
        try
        {
            // What is no name of ours, or a link, was put there behind our back: it can't be reached, so it isn't shown.
            return new DirectoryInfo(fullPath).GetFileSystemInfos("*", EveryEntry)
                .Where(info => ArtifactRoot.KindOf(info) is PlaceKind.File or PlaceKind.Folder)
                .Select(info => ArtifactPath.TryParse(info.Name) is { } name ? Describe(folder.Join(name), info) : null)
                .OfType<ArtifactEntry>()
                .ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static ArtifactEntry? Describe(ArtifactPath path, FileSystemInfo info)
    {
        try
        {
            return info.Attributes.HasFlag(FileAttributes.Directory)
                ? new ArtifactEntry(path, IsFolder: true, 0, Ticks(info.LastWriteTimeUtc))
                : new ArtifactEntry(path, IsFolder: false, ((FileInfo)info).Length, Ticks(info.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private ArtifactTotal Count(ArtifactPath path) =>
        ListAll(path).Aggregate(new ArtifactTotal(0, 0), (total, entry) => new ArtifactTotal(total.Files + 1, total.Bytes + entry.Size));

    private async Task<ArtifactDigest> HashAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = OpenRead(path);
        var hash = await SHA256.HashDataAsync(content.Stream, cancellationToken);
        return new ArtifactDigest(path.Text, content.Size, content.ModifiedAt, Convert.ToHexStringLower(hash));
    }

    // The files are stored whether or not this succeeds, and can be hashed again.
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
