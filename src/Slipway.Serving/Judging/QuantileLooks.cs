namespace Slipway.Serving.Judging;

/// <summary>Looks at several levels of one size.</summary>
internal static class QuantileLooks
{
    /// <summary>The gamblers of all levels share one purse; what is shown is the level that fails, or else the one that most of it comes from.</summary>
    public static SignalLook Worst(Sizes sizes, LogHistogram baseline, LogHistogram candidate, double[] evidence, double bound)
    {
        var purse = Logarithms.OfMean(evidence);
        return sizes.Levels.Index()
            .OrderByDescending(level => evidence[level.Index])
            .Select(level => At(sizes, level.Item, baseline, candidate) with { Evidence = purse, Bound = bound })
            .Select(SignalLooks.Judge)
            .MaxBy(look => look.Verdict switch { Verdict.Fail => 2, Verdict.Inconclusive => 1, _ => 0 })!;
    }

    private static SignalLook At(Sizes sizes, double level, LogHistogram baseline, LogHistogram candidate)
    {
        var before = baseline.Quantile(level);
        return new SignalLook(sizes.Signal, baseline.Count, candidate.Count, before, candidate.Quantile(level), sizes.Tolerated(before), 0, 0, Verdict.Continue)
        {
            Part = Sizes.NameOf(level),
        };
    }
}
