using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>The folder on disk that holds what servers have under way, and artifacts of the old layout: where their names become places.</summary>
/// <remarks>
/// Its parts lie side by side, so that a rename moves between them: <c>files</c> (the old layout: files as they are, to which
/// nothing is added any more), <c>benches</c> (what each process has under way) and, unless they are kept elsewhere,
/// <c>packs</c>. No symbolic link below <c>files</c> is ever followed.
/// </remarks>
internal sealed class ArtifactRoot : IDisposable
{
    // A rename and the making of the folders above it are one step, so that a folder can't be moved away in between.
    private readonly SemaphoreSlim _moving = new(1);
    private readonly Workbench _bench;
    private readonly string _files;
    private readonly TimeProvider _time;
    private long _lastTime;

    private ArtifactRoot(string folder, TimeProvider time)
    {
        _time = time;
        _files = Path.Join(folder, "files");
        DurableFolders.Create(_files);
        _bench = Workbench.Open(Path.Join(folder, "benches"));
    }

    public string IncomingFolder => _bench.IncomingFolder;

    public string TrashFolder => _bench.TrashFolder;

    /// <summary>Opens the folder, and takes over what processes that are gone left unfinished.</summary>
    public static ArtifactRoot Open(string folder, TimeProvider time) => new(Path.GetFullPath(folder), time);

    /// <exception cref="Fault">A symbolic link is in the way.</exception>
    public Place Locate(ArtifactPath path)
    {
        var full = _files;
        var kind = PlaceKind.Folder;
        foreach (var segment in path.Segments)
        {
            if (kind != PlaceKind.Folder)
            {
                return new Place(Path.Join(_files, path.Text), kind == PlaceKind.File ? PlaceKind.BelowFile : kind);
            }

            full = Path.Join(full, segment);
            kind = KindOf(new FileInfo(full));
            if (kind == PlaceKind.Link)
            {
                throw Fault.Invalid("Invalid path: it leads through a symbolic link.");
            }
        }

        return new Place(Path.Join(_files, path.Text), kind);
    }

    public static PlaceKind KindOf(FileSystemInfo info)
    {
        // All bits are set when there is nothing.
        if ((int)info.Attributes == -1)
        {
            return PlaceKind.Missing;
        }

        if (info.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            return PlaceKind.Link;
        }

        return info.Attributes.HasFlag(FileAttributes.Directory) ? PlaceKind.Folder : PlaceKind.File;
    }

    /// <summary>The place where a file of this name can be put.</summary>
    /// <exception cref="Fault">There is a folder of this name, or a file above it.</exception>
    public Place LocateForFile(ArtifactPath path) =>
        Locate(path) is var place && place.Kind is PlaceKind.Missing or PlaceKind.File
            ? place
            : throw Fault.Invalid(place.Kind == PlaceKind.Folder ? $"'{path}' is a directory." : $"'{path}' lies below a file.");

    /// <summary>Moves what has this name out of the store; false when nothing has.</summary>
    public Task<bool> TakeOutAsync(ArtifactPath path, string destination, CancellationToken cancellationToken) => MoveAsync(
        () =>
        {
            var place = Locate(path);
            if (place.Kind is not (PlaceKind.File or PlaceKind.Folder))
            {
                return false;
            }

            Directory.Move(place.FullPath, destination);
            DurableFolders.Flush(Path.GetDirectoryName(destination)!);
            DurableFolders.Flush(Path.GetDirectoryName(place.FullPath)!);
            return true;
        },
        cancellationToken);

    /// <summary>Removes a file, and the folders that are empty without it.</summary>
    public Task<bool> RemoveAsync(ArtifactPath path, CancellationToken cancellationToken) => MoveAsync(
        () =>
        {
            var place = Locate(path);
            if (place.Kind != PlaceKind.File)
            {
                return false;
            }

            File.Delete(place.FullPath);
            var folder = Path.GetDirectoryName(place.FullPath)!;
            for (; folder != _files && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            {
                Directory.Delete(folder);
            }

            DurableFolders.Flush(folder);
            return true;
        },
        cancellationToken);

    /// <summary>Moves back what was taken out; false when a file is in the way above it. What was stored under the same names meanwhile is newer, and stays.</summary>
    public Task<bool> PutBackAsync(string source, ArtifactPath path, CancellationToken cancellationToken) => MoveAsync(
        () =>
        {
            var place = Locate(path);
            if (place.Kind == PlaceKind.BelowFile)
            {
                return false;
            }

            DurableFolders.Create(Path.GetDirectoryName(place.FullPath)!);
            Merge(source, place.FullPath);
            return true;
        },
        cancellationToken);

    /// <summary>The time for a file to be stored: each gets its own, so that two of the same name and size are told apart.</summary>
    public long NextTime()
    {
        var now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        while (true)
        {
            var last = Interlocked.Read(ref _lastTime);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _lastTime, next, last) == last)
            {
                return next;
            }
        }
    }

    public void Dispose()
    {
        _bench.Dispose();
        _moving.Dispose();
    }

    private async Task<bool> MoveAsync(Func<bool> move, CancellationToken cancellationToken)
    {
        await _moving.WaitAsync(cancellationToken);
        try
        {
            return move();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.CantStore(exception);
        }
        finally
        {
            _moving.Release();
        }
    }

    private static void Merge(string source, string destination)
    {
        var there = KindOf(new FileInfo(destination));
        if (there == PlaceKind.Missing)
        {
            Directory.Move(source, destination);
            DurableFolders.Flush(Path.GetDirectoryName(destination)!);
        }
        else if (there == PlaceKind.Folder && KindOf(new FileInfo(source)) == PlaceKind.Folder)
        {
            foreach (var child in Directory.GetFileSystemEntries(source))
            {
                Merge(child, Path.Join(destination, Path.GetFileName(child)));
            }
        }
    }
}

/// <summary>Where a name is on disk, and what is there.</summary>
internal readonly record struct Place(string FullPath, PlaceKind Kind);

/// <summary>What is found at a place.</summary>
internal enum PlaceKind
{
    Missing,

    /// <summary>A part of the name, but not the last one, is a file.</summary>
    BelowFile,

    File,

    Folder,

    Link,
}
