using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Bench.Load;

namespace Slipway.Bench.Machine;

/// <summary>What the disk below a folder takes to keep 4 KiB more: no durable answer can come faster.</summary>
internal static class FsyncProbe
{
    private const int Block = 4096;

    public static Measurement Run(string folder, TimeSpan time)
    {
        using var file = File.OpenHandle(Path.Join(folder, "fsync-probe"), FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        var block = new byte[Block];
        var measurement = new Measurement();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var offset = 0L; clock.Elapsed < time; offset += Block)
        {
            var begun = clock.Elapsed;
            RandomAccess.Write(file, block, offset);
            Sync(file);
            measurement.Add(clock.Elapsed - begun);
        }

        measurement.Elapsed = clock.Elapsed;
        return measurement;
    }

    // SQLite and PostgreSQL call fdatasync where there is one; the framework's own call is the slower fsync.
    private static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (SyncData(file) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(SafeFileHandle file);
}
