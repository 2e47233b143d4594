using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>
/// Where whole callers go to an arm, its share of the requests may be larger than the plan's; betting at too small a share would blame
/// the candidate for that. So the larger of both is reckoned with, with twice the standard error of what was seen.
/// </summary>
internal sealed class StickyShare
{
    private double _all;
    private double _candidate;

    public void Clear() => (_all, _candidate) = (0, 0);

    public Outcome Correct(Outcome outcome)
    {
        if (outcome.Share is <= 0 or >= 1)
        {
            return outcome;
        }

        var seen = (_candidate + 1) / (_all + 2);
        var highest = Math.Min(0.99, seen + (2 * Math.Sqrt(seen * (1 - seen) / (_all + 2))));
        _all++;
        _candidate += outcome.Candidate ? 1 : 0;
        return outcome with { Share = Math.Max(outcome.Share, highest) };
    }
}
