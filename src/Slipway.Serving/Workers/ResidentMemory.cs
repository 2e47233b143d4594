using System.Globalization;

namespace Slipway.Serving.Workers;

/// <summary>How much memory processes really hold, as Linux counts it.</summary>
internal static class ResidentMemory
{
    private const int DepthLimit = 8;

    /// <summary>Bytes of a process and its descendants; 0 when it is gone, or where nobody counts.</summary>
    public static long OfTree(int pid) => OfTree(pid.ToString(CultureInfo.InvariantCulture), DepthLimit);

    private static long OfTree(string pid, int depth)
    {
        try
        {
            var pages = long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            return (pages * Environment.SystemPageSize) + (depth == 0 ? 0 : Children(pid).Sum(child => OfTree(child, depth - 1)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // A child belongs to the thread that started it.
    private static IEnumerable<string> Children(string pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .Select(thread => Path.Join(thread, "children"))
        .Where(File.Exists)
        .SelectMany(file => File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
