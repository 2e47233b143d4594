namespace Slipway.Serving.Judging;

/// <summary>Splits the false alarms of a rollout between its signals, so that all together are within the budget (union bound).</summary>
internal static class Budget
{
    /// <summary>The signal's share of the false alarms.</summary>
    public static double ShareOf(JudgeSettings settings, Signal signal) =>
        settings.FalseAlarms * Weight(signal) / settings.Signals.Distinct().Sum(Weight);

    // Failures are what hurts most, and the rarest.
    private static double Weight(Signal signal) => signal switch
    {
        Signal.Errors => 8,
        Signal.Latency => 5,
        Signal.Crashes => 0,
        _ => 1,
    };
}
