using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Artifacts of the old layout: files as they are, in folders as they are named. They are read, deleted and moved into the store; none is added.</summary>
internal sealed class PlainFiles(ArtifactRoot root, KnownDigests digests)
{
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

    /// <exception cref="Fault">A folder of the old layout has the name, or it lies below a file of it.</exception>
    public void CheckFree(ArtifactPath path) => root.LocateForFile(path);

    /// <summary>Opens a file; null when there is none. Who has it open reads the same bytes to the end, also when it is deleted.</summary>
    public FileStream? TryOpen(ArtifactPath path)
    {
        var place = root.Locate(path);
        if (place.Kind != PlaceKind.File)
        {
            return null;
        }

        try
        {
            return new FileStream(place.FullPath, ForReading);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What lies in the folder, one level deep, in no order; nothing when it is no folder.</summary>
    public IReadOnlyList<ArtifactEntry> List(ArtifactPath folder) =>
        root.Locate(folder) is { Kind: PlaceKind.Folder } place ? Enumerate(folder, place.FullPath) : [];

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

    /// <summary>The files with their digests, which are remembered as long as size and time of change are the same.</summary>
    public Task<IReadOnlyList<ArtifactEntry>> DigestAsync(ArtifactPath path, IReadOnlyList<ArtifactEntry> entries, CancellationToken cancellationToken) =>
        digests.DigestAsync(path, entries, async (entry, token) => (await HashAsync(entry.Path, token), true), cancellationToken);

    // As fine as the file system keeps it: two writes may fall into one millisecond.
    private static long Ticks(DateTime time) => (time - DateTime.UnixEpoch).Ticks;

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

    private async Task<ArtifactDigest> HashAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var stream = TryOpen(path) ?? throw Fault.NotFound($"No such artifact: '{path}'");
        var (size, modifiedAt) = (stream.Length, Ticks(File.GetLastWriteTimeUtc(stream.SafeFileHandle)));
        return new ArtifactDigest(path.Text, size, modifiedAt, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)));
    }
}
