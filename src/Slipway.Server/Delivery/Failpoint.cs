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

    private static readonly string[] Changes =
    [
        "rollout.begin", "rollout.complete", "rollout.fail", "rollout.roll-back", "rollout.cancel", "promotion.complete", "deployment.return", "deployment.end",
        "test.record",
    ];

    /// <summary>All of them: before and after each change of a rollout, and between the steps of looking after an environment.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        TableMade, TableSent, StateSeen, LooksKept,
        .. Changes.SelectMany(change => (string[])[Before(change), After(change)]),
    ];

    public static string Before(string change) => change + ":before";

    public static string After(string change) => change + ":after";

    /// <param name="name">The moment.</param>
    /// <param name="isMeant">Whether it is one that anything hangs on; such moments come round several times a second.</param>
    public static void Reach(string name, bool isMeant = true)
    {
        if (!All.Contains(name))
        {
            throw new InvalidOperationException($"'{name}' is not among the failpoints, so that no test looks at it.");
        }

        if (isMeant && Chosen is not null && Chosen == name)
        {
            Process.GetCurrentProcess().Kill();
            Process.GetCurrentProcess().WaitForExit();
        }
    }
}
