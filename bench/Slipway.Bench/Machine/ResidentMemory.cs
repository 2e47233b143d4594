using System.Globalization;

namespace Slipway.Bench.Machine;

/// <summary>How much memory a process holds, now and at its peak, in MiB.</summary>
internal sealed record ResidentMemory(double Peak, double Now)
{
    /// <summary>Null where the system keeps no <c>/proc</c>.</summary>
    public static ResidentMemory? Of(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status");
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadAllLines(path);
        return new ResidentMemory(Find(lines, "VmHWM:"), Find(lines, "VmRSS:"));
    }

    // "VmHWM:    123456 kB"
    private static double Find(string[] lines, string name) =>
        double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', '\t')[^2], CultureInfo.InvariantCulture) / 1024;
}
