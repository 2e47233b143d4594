using System.Runtime.InteropServices;

namespace Slipway.Serving.Judging;

/// <summary>What a share of bad answers is a share of: says whether an answer is bad, or null if it doesn't count.</summary>
internal sealed record Question(Signal Signal)
{
    public Func<Outcome, bool?> OfOutcome { get; private init; } = _ => null;

    public Func<Feedback, bool?> OfFeedback { get; private init; } = _ => null;

    public static Question Failed { get; } = new(Signal.Errors) { OfOutcome = outcome => outcome.Failed };

    public static Question BreaksSchema { get; } = new(Signal.Schema) { OfOutcome = outcome => outcome.Failed ? null : outcome.BreaksSchema };

    public static Question Wrong { get; } = new(Signal.Accuracy) { OfFeedback = feedback => feedback.IsNumber ? null : feedback.Loss > 0 };
}

/// <summary>A signal that is a share of bad answers, compared with a baseline's in the same minutes.</summary>
/// <remarks>
/// Two bets have to be won. The first, at the odds of the false alarms, is against a candidate that is no worse at all. The second, at
/// twenty to one, is against one that is worse by no more than what is tolerated: there the baseline's rate, as it was seen so far, says
/// how many times as many events that allows.
/// </remarks>
internal sealed class RateSignal(Question question, double bound, double tolerated) : ISignal
{
    private readonly ShareTest _test = new();
    private readonly ShareTest _tolerant = new();
    private Arms _samples;
    private Arms _events;

    public void Add(in Outcome outcome) => Add(outcome.Candidate, outcome.Share, question.OfOutcome(outcome));

    public void Add(in Feedback feedback) => Add(feedback.Candidate, feedback.Share, question.OfFeedback(feedback));

    public SignalLook Look() => SignalLooks.Judge(new SignalLook(
        question.Signal, _samples.Baseline, _samples.Candidate, _events.Baseline / Math.Max(1.0, _samples.Baseline),
        _events.Candidate / Math.Max(1.0, _samples.Candidate), tolerated, SignalLooks.Weaker(_test.Evidence, _tolerant.Evidence, bound), bound, Verdict.Continue));

    private void Add(bool candidate, double share, bool? bad)
    {
        if (bad is null)
        {
            return;
        }

        _samples.Add(candidate);
        if (bad.Value)
        {
            _test.Add(candidate, share);
            _tolerant.Add(candidate, Tolerable(share));
            _events.Add(candidate);
        }
    }

    // The share of events that may come from the candidate.
    private double Tolerable(double share)
    {
        var rate = (_events.Baseline + 0.5) / (_samples.Baseline + 1);
        var times = (rate + tolerated) / rate;
        return share * times / ((share * times) + 1 - share);
    }
}

/// <summary>A count for each arm.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct Arms
{
    public long Baseline { get; private set; }

    public long Candidate { get; private set; }

    public void Add(bool candidate)
    {
        if (candidate)
        {
            Candidate++;
        }
        else
        {
            Baseline++;
        }
    }

    public readonly Arms WithBaseline(long samples) => this with { Baseline = samples };
}
