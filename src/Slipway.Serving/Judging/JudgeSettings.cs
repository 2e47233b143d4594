namespace Slipway.Serving.Judging;

/// <summary>What a judge may be wrong about, what it tolerates, and what it never does.</summary>
internal sealed record JudgeSettings
{
    /// <summary>The chance that a candidate as good as the baseline is thrown out, over all signals and the whole rollout.</summary>
    public double FalseAlarms { get; init; } = 0.005;

    /// <summary>Which signals count; the budget is split between them by weight.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [Signal.Errors, Signal.Latency, Signal.Predictions, Signal.Schema, Signal.Accuracy];

    /// <summary>Nothing is failed, but by a hard limit, before the candidate has answered so many.</summary>
    public long LeastSamples { get; init; } = 50;

    /// <summary>A share of failures higher by no more than this is tolerated: 0.005 is half a percentage point.</summary>
    public double ToleratedErrors { get; init; } = 0.005;

    /// <summary>A latency quantile longer by no more than this share is tolerated.</summary>
    public double ToleratedLatency { get; init; } = 0.2;

    /// <summary>A latency quantile longer by no more than this is tolerated, in milliseconds.</summary>
    public double ToleratedMilliseconds { get; init; } = 1;

    /// <summary>The share of predictions that may move between classes or ranges (total variation).</summary>
    public double ToleratedShift { get; init; } = 0.15;

    /// <summary>A share of answers that break the signature, higher by no more than this, is tolerated.</summary>
    public double ToleratedSchema { get; init; } = 0.001;

    /// <summary>A share of wrong predictions (or of large errors), higher by no more than this, is tolerated.</summary>
    public double ToleratedAccuracy { get; init; } = 0.02;

    /// <summary>A step that isn't decided after this has no more time.</summary>
    public double HorizonSeconds { get; init; } = 24 * 3600;

    /// <summary>A step in doubt goes on until the candidate has answered so many times its least samples.</summary>
    public double HorizonFactor { get; init; } = 5;

    /// <summary>What becomes of a step that can't be decided.</summary>
    public InconclusiveRule Inconclusive { get; init; } = InconclusiveRule.Fail;

    public HardLimits Limits { get; init; } = new();
}

/// <summary>Bounds that need no comparison. Null is no bound.</summary>
internal sealed record HardLimits
{
    /// <summary>The limits on shares and latency hold after so many answers of the candidate.</summary>
    public long AfterSamples { get; init; } = 50;

    /// <summary>The highest share of failures.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>The longest p99, in milliseconds.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>How many workers may be lost.</summary>
    public int? Crashes { get; init; } = 2;
}

/// <summary>What a judge listens to.</summary>
internal enum Signal
{
    Errors,
    Latency,
    Predictions,
    Schema,
    Accuracy,

    /// <summary>Workers that were lost; only a hard limit judges it.</summary>
    Crashes,
}

/// <summary>What becomes of a step that can't be decided.</summary>
internal enum InconclusiveRule
{
    /// <summary>The candidate goes: what has not been shown to be good is not served.</summary>
    Fail,

    /// <summary>The step counts as passed.</summary>
    Pass,

    /// <summary>The share stays as it is until somebody decides.</summary>
    Hold,
}

/// <summary>What a judge says.</summary>
internal enum Verdict
{
    Continue,
    Pass,
    Fail,
    Inconclusive,
}
