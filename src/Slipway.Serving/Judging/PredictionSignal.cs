namespace Slipway.Serving.Judging;

/// <summary>
/// Whether the candidate predicts other things than the baseline. While both predict alike, a prediction tells nothing about its arm;
/// the bets are on the arm, by what was seen of both arms before (a sequential two-sample test by prediction: Lhéritier and Cazals
/// 2018; Podkopaev and Ramdas 2023, "Sequential predictive two-sample and independence testing").
/// </summary>
internal sealed class PredictionSignal(double bound, double tolerated) : ISignal
{
    /// <summary>How many predictions as they are made in both arms are thought to have been seen before: caution at the start.</summary>
    private const double Caution = 100;

    private readonly PredictionBins _bins = new(edges: null);
    private readonly PredictionCounts _baseline = new();
    private readonly PredictionCounts _candidate = new();
    private double _wealth;

    public void Add(in Outcome outcome)
    {
        var bin = outcome.Failed ? -1 : _bins.BinOf(outcome.Prediction);
        if (bin < 0)
        {
            return;
        }

        if (outcome.Share is > 0 and < 1)
        {
            Bet(bin, outcome.Candidate, outcome.Share);
        }

        (outcome.Candidate ? _candidate : _baseline).Add(bin);
    }

    public SignalLook Look() => SignalLooks.Judge(new SignalLook(
        Signal.Predictions, (long)_baseline.Count, (long)_candidate.Count, 0, _candidate.DistanceTo(_baseline), tolerated, _wealth, bound, Verdict.Continue));

    private void Bet(int bin, bool candidate, double share)
    {
        var both = (_baseline[bin] + _candidate[bin] + 0.5) / (_baseline.Count + _candidate.Count + (0.5 * PredictionBins.Most));
        var inCandidate = (_candidate[bin] + (Caution * both)) / (_candidate.Count + Caution);
        var inBaseline = (_baseline[bin] + (Caution * both)) / (_baseline.Count + Caution);
        var all = (share * inCandidate) + ((1 - share) * inBaseline);
        _wealth += Math.Log((candidate ? inCandidate : inBaseline) / all);
    }
}
