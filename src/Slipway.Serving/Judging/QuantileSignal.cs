namespace Slipway.Serving.Judging;

/// <summary>
/// A signal that is a size, such as a latency: compares quantiles. Whatever the cut, answers above it are no likelier in a candidate
/// that is no slower; so the cuts are taken from what the baseline did so far, and <see cref="ShareTest"/> bets on the answers above
/// each. That makes no assumption about the distribution, and the cuts' own uncertainty costs power only, never validity. (Quantiles
/// with both sides uncertain: Howard and Ramdas 2022, "Sequential estimation of quantiles with applications to A/B testing".)
/// </summary>
internal sealed class QuantileSignal(Sizes sizes, double bound) : ISignal
{
    /// <summary>After so many of the baseline's answers its quantiles are looked up again.</summary>
    private const int Refresh = 64;

    private readonly ShareTest[] _tests = [.. sizes.Levels.Select(_ => new ShareTest())];
    private readonly int[] _cuts = [.. sizes.Levels.Select(_ => int.MaxValue)];
    private readonly LogHistogram _baseline = new();
    private readonly LogHistogram _candidate = new();

    public void Add(in Outcome outcome) => Add(outcome.Candidate, outcome.Share, sizes.OfOutcome(outcome));

    public void Add(in Feedback feedback) => Add(feedback.Candidate, feedback.Share, sizes.OfFeedback(feedback));

    public SignalLook Look() => QuantileLooks.Worst(sizes, _baseline, _candidate, [.. _tests.Select(test => test.Evidence)], bound);

    private void Add(bool candidate, double share, double? value)
    {
        if (value is null)
        {
            return;
        }

        var range = LogHistogram.RangeOf(value.Value);
        for (var i = 0; i < _cuts.Length; i++)
        {
            if (range > _cuts[i])
            {
                _tests[i].Add(candidate, share);
            }
        }

        (candidate ? _candidate : _baseline).Add(range);
        if (!candidate && _baseline.Count % Refresh == 0)
        {
            Cut();
        }
    }

    private void Cut()
    {
        for (var i = 0; i < _cuts.Length; i++)
        {
            _cuts[i] = _baseline.RangeAt(sizes.Levels[i]);
        }
    }
}
