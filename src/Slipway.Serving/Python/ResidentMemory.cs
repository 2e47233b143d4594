using System.Globalization;

namespace Slipway.Serving.Python;

/// <summary>How much memory a process holds.</summary>
internal static class ResidentMemory
{
    /// <summary>In bytes; 0 where the system does not tell.</summary>
    public static long Of(int process)
    {
        try
        {
            var pages = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/statm")).Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
