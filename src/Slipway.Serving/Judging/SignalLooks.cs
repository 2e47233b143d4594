namespace Slipway.Serving.Judging;

/// <summary>Something that a judge listens to.</summary>
internal interface ISignal
{
    void Add(in Outcome outcome)
    {
    }

    void Add(in Feedback feedback)
    {
    }

    SignalLook Look();
}

/// <summary>When a signal fails a candidate, and when it is in doubt.</summary>
internal static class SignalLooks
{
    /// <summary>A wealth smaller by this factor than the one that fails is doubt.</summary>
    private static readonly double _doubt = Math.Log(20);

    /// <summary>The odds at which it has to be shown that the difference is more than what is tolerated.</summary>
    private static readonly double _tolerance = Math.Log(20);

    /// <summary>The evidence of two bets that both have to be won, the second at its own odds, as one that is compared with the bound of the first.</summary>
    public static double Weaker(double first, double tolerant, double bound) => Math.Min(first, tolerant + bound - _tolerance);

    /// <summary>
    /// Both have to be there: evidence that the candidate is worse at all, which is rare by chance, and an estimate that is worse by more
    /// than what is tolerated, so that a huge sample fails nobody for nothing.
    /// </summary>
    public static SignalLook Judge(SignalLook look)
    {
        if (look.Candidate - look.Baseline <= look.Tolerated)
        {
            return look with { Verdict = Verdict.Continue };
        }

        return look with
        {
            Verdict = look.Evidence >= look.Bound ? Verdict.Fail : look.Evidence >= look.Bound - _doubt ? Verdict.Inconclusive : Verdict.Continue,
        };
    }
}
