using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Server.Artifacts;

/// <summary>Folders whose entries are on disk when a call returns.</summary>
internal static class DurableFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder and those above it that are missing.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        Create(parent);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }

        Flush(parent);
    }

    /// <summary>Waits until what was made, renamed or removed in the folder is on disk. Windows has no such call and needs none.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The framework opens no folders; it does flush one that was opened elsewhere.
        const int closeOnExecOnLinux = 0x80000;
        const int closeOnExecOnMac = 0x1000000;
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), OperatingSystem.IsMacOS() ? closeOnExecOnMac : closeOnExecOnLinux);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{folder}' can't be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
