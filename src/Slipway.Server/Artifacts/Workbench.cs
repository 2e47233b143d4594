namespace Slipway.Server.Artifacts;

/// <summary>One process's own part of the artifacts' folder: its uploads and deletions under way.</summary>
/// <remarks>
/// Several processes may share the artifacts. Each holds the lock of its own bench while it lives; who finds a bench that
/// nobody holds takes over what its process left behind.
/// </remarks>
internal sealed class Workbench : IDisposable
{
    private readonly FileStream _lock;

    private Workbench(string folder, FileStream held)
    {
        _lock = held;
        IncomingFolder = Path.Join(folder, "incoming");
        TrashFolder = Path.Join(folder, "trash");
        DurableFolders.Create(IncomingFolder);
        DurableFolders.Create(TrashFolder);
    }

    public string IncomingFolder { get; }

    public string TrashFolder { get; }

    /// <summary>Sets up a bench and takes over those whose processes are gone: their uploads are void, their deletions are ours to settle.</summary>
    public static Workbench Open(string benches)
    {
        var folder = Path.Join(benches, Guid.CreateVersion7().ToString());
        DurableFolders.Create(folder);
        var bench = new Workbench(folder, new FileStream(LockOf(folder), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        foreach (var other in Directory.GetDirectories(benches).Where(other => other != folder))
        {
            bench.TakeOver(other);
        }

        return bench;
    }

    /// <summary>Lets go of the lock; what was not finished is taken over by the next process.</summary>
    public void Dispose() => _lock.Dispose();

    private static string LockOf(string folder) => Path.Join(folder, "slipway.lock");

    private void TakeOver(string folder)
    {
        if (TryHold(folder) is not { } held)
        {
            return;
        }

        using (held)
        {
            var trash = Path.Join(folder, "trash");
            foreach (var entry in Directory.Exists(trash) ? Directory.GetDirectories(trash) : [])
            {
                Directory.Move(entry, Path.Join(TrashFolder, Path.GetFileName(entry)));
            }

            DurableFolders.Flush(TrashFolder);
            Directory.Delete(folder, recursive: true);
        }
    }

    // Null while its process lives, or is just setting it up.
    private static FileStream? TryHold(string folder)
    {
        try
        {
            return new FileStream(LockOf(folder), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
