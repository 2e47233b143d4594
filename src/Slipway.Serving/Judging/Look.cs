namespace Slipway.Serving.Judging;

/// <summary>What a judge saw and said at one moment.</summary>
/// <param name="Verdict">What it said.</param>
/// <param name="BaselineSamples">Answers of the baseline that it knows.</param>
/// <param name="CandidateSamples">Answers of the candidate that it knows.</param>
/// <param name="Signals">Each signal by itself.</param>
internal sealed record Look(Verdict Verdict, long BaselineSamples, long CandidateSamples, IReadOnlyList<SignalLook> Signals)
{
    /// <summary>What decided, of a failure and of doubt.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The signal and the numbers in a sentence.</summary>
    public string? Reason { get; init; }
}

/// <summary>One signal at one moment.</summary>
/// <param name="Signal">Which.</param>
/// <param name="BaselineSamples">What the baseline's estimate comes from.</param>
/// <param name="CandidateSamples">What the candidate's estimate comes from.</param>
/// <param name="Baseline">The baseline's estimate: a share, milliseconds, or 0 for a distance.</param>
/// <param name="Candidate">The candidate's estimate.</param>
/// <param name="Tolerated">The highest difference that is tolerated, in the same unit.</param>
/// <param name="Evidence">The logarithm of the wealth that betting against the candidate has made.</param>
/// <param name="Bound">The evidence that fails it: the logarithm of one over this signal's share of the budget.</param>
/// <param name="Verdict"><see cref="Verdict.Fail"/>, <see cref="Verdict.Inconclusive"/> while in doubt, or <see cref="Verdict.Continue"/>.</param>
internal sealed record SignalLook(
    Signal Signal, long BaselineSamples, long CandidateSamples, double Baseline, double Candidate, double Tolerated, double Evidence, double Bound, Verdict Verdict)
{
    /// <summary>Which part of the signal the estimates are about, such as <c>p95</c>.</summary>
    public string? Part { get; init; }
}
