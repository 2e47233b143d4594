using System.Globalization;

namespace Slipway.Store.Sqlite;

/// <summary>Holds a data folder for one process; the system lets go of it however the process ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _held;

    private FolderLock(FileStream held) => _held = held;

    public static FolderLock Take(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var owner = Path.Combine(folder, "slipway.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "slipway.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new FolderInUseException($"The folder {Path.GetFullPath(folder)} is in use by another Slipway{Describe(owner)}. Stop it first, or give this one its own folder with --data.");
        }

        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new FolderLock(held);
    }

    public void Dispose() => _held.Dispose();

    // What the runtime says of a file that another process has locked: EWOULDBLOCK on Linux and macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    // The other one writes its id a moment after it has the lock.
    private static string Describe(string owner) => File.Exists(owner) && File.ReadAllText(owner).Trim() is { Length: > 0 } id ? $" (process {id})" : "";
}

/// <summary>Another process serves this data folder.</summary>
public sealed class FolderInUseException(string message) : Exception(message);
