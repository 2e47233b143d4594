using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery.Trials;

/// <summary>What a trial is about.</summary>
/// <param name="Percent">The share of the traffic that the version gets.</param>
/// <param name="Duration">How long it gets it, in milliseconds.</param>
/// <param name="Samples">How many requests it has to answer in that time.</param>
/// <param name="Metrics">What is compared; empty for all that the judge knows.</param>
/// <param name="Stage">The stage of the version, in which it has to stay.</param>
internal sealed record TrialTerms(double Percent, long Duration, long Samples, IReadOnlyList<string> Metrics, string Stage)
{
    /// <summary>What may be compared.</summary>
    public static readonly IReadOnlyList<string> AllMetrics = ["errors", "latency", "predictions", "schema", "accuracy"];

    /// <summary>When its time is over; null before traffic comes to the version.</summary>
    public long? EndsAt { get; init; }

    public double Seconds => Duration / 1000.0;

    /// <summary>The plan for the gateway, with what the environment says of tolerance and false alarms.</summary>
    public RolloutPlan Bind(RolloutPlan plan) => plan with
    {
        Strategy = RolloutStrategy.Trial,
        Steps = [new RolloutStep { Percent = Percent, LeastSamples = Samples, LeastSeconds = Seconds }],

        // It is decided when its time is over, neither before nor after; what can't be decided then is no evidence for the version.
        Judge = plan.Judge with
        {
            Signals = Metrics.Count == 0 ? plan.Judge.Signals : [.. Metrics.Select(metric => Enum.Parse<Signal>(metric, ignoreCase: true))],
            HorizonSeconds = Seconds,
            HorizonFactor = double.PositiveInfinity,
            Inconclusive = InconclusiveRule.Fail,
        },
    };
}
