using System.Globalization;
using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Datasets.Reading;

namespace Slipway.Measured;

/// <summary>
/// Compares two tables in a process that does nothing else: <c>LEFT RIGHT SCRATCH [KEY…]</c>. It prints the rows added,
/// removed, changed and unchanged, and the most memory that it needed, in MiB.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var left, var right, var scratch, .. var keys])
        {
            await Console.Error.WriteLineAsync("Slipway.Measured LEFT RIGHT SCRATCH [KEY…]");
            return 2;
        }

        var difference = await TableDiff.CompareAsync(Source(left), Source(right), new TableDiffOptions(keys, scratch), CancellationToken.None);
        var rows = difference.Rows;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Added} {rows.Removed} {rows.Changed ?? -1} {rows.Unchanged} {PeakMegabytes()}"));
        return 0;
    }

    private static TableSource Source(string file) => new(_ => Task.FromResult<Stream>(File.OpenRead(file)), TableFormats.Find(file) ?? TableFormat.Csv);

    // "VmHWM:    123456 kB"
    private static int PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', '\t')[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
