using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Serving.Workers;

/// <summary>A network namespace of its own for a worker, where the system allows one: it has no network at all, and a Unix socket reaches it all the same.</summary>
internal static class Confinement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // As root, or as anybody where users may have namespaces of their own.
    private static readonly IReadOnlyList<string>[] Ways = [["unshare", "--net", "--"], ["unshare", "--user", "--map-current-user", "--net", "--"]];

    private static readonly Lazy<IReadOnlyList<string>> Found = new(() => Array.Find(Ways, Works) ?? []);

    /// <summary>What stands in front of a worker's command line; nothing where the system allows no namespace.</summary>
    public static IReadOnlyList<string> Prefix => Found.Value;

    private static bool Works(IReadOnlyList<string> way)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(way[0], [.. way.Skip(1), "true"]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            return process.WaitForExit(Patience) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
