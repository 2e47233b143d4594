using System.Diagnostics;

namespace Slipway.Server.Delivery;

/// <summary>Moments at which a test has the process die, as by <c>kill -9</c>, to see that nothing is left half done.</summary>
internal static class Failpoint
{
    /// <summary>Names the moment in the environment of a process that is to die.</summary>
    public const string Variable = "SLIPWAY_FAILPOINT";

    public const string TableMade = "table.made";
    public const string TableSent = "table.sent";
    public const string StateSeen = "state.seen";
    public const string LooksKept = "looks.kept";

    private static readonly string? Chosen = Environment.GetEnvironmentVariable(Variable);

    public static void Reach(string name)
    {
        if (Chosen is not null && Chosen == name)
        {
            Process.GetCurrentProcess().Kill();
            Process.GetCurrentProcess().WaitForExit();
        }
    }
}
