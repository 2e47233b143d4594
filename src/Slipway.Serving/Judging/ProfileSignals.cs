namespace Slipway.Serving.Judging;

/// <summary>A share of bad answers, compared with the one in a profile: half of the false alarms go to the profile's own uncertainty.</summary>
internal sealed class ProfileRateSignal(Question question, double chance, double tolerated, (long Events, long Samples) before) : ISignal
{
    private readonly LevelTest _test = new(LevelTest.HighestLevel(before.Events, before.Samples, chance / 2));
    private readonly LevelTest _tolerant = new((before.Events / Math.Max(1.0, before.Samples)) + tolerated);
    private long _samples;
    private long _events;

    public void Add(in Outcome outcome) => Add(question.OfOutcome(outcome));

    public void Add(in Feedback feedback) => Add(question.OfFeedback(feedback));

    public SignalLook Look() => SignalLooks.Judge(new SignalLook(
        question.Signal, before.Samples, _samples, before.Events / Math.Max(1.0, before.Samples), _events / Math.Max(1.0, _samples),
        tolerated, SignalLooks.Weaker(_test.Evidence, _tolerant.Evidence, -Math.Log(chance / 2)), -Math.Log(chance / 2), Verdict.Continue));

    private void Add(bool? bad)
    {
        if (bad is { } happened)
        {
            _samples++;
            _events += happened ? 1 : 0;
            _test.Add(happened);
            _tolerant.Add(happened);
        }
    }
}

/// <summary>Quantiles of a size, compared with those in a profile: how many answers are above each of them.</summary>
internal sealed class ProfileQuantileSignal(Sizes sizes, double chance, LogHistogram before) : ISignal
{
    private readonly int[] _cuts = [.. sizes.Levels.Select(before.RangeAt)];
    private readonly LevelTest[] _tests =
    [
        .. sizes.Levels.Select(level => new LevelTest(
            LevelTest.HighestLevel(before.CountAbove(before.RangeAt(level)), before.Count, chance / 2 / sizes.Levels.Length))),
    ];

    private readonly LogHistogram _now = new();

    public void Add(in Outcome outcome)
    {
        if (sizes.OfOutcome(outcome) is not { } value)
        {
            return;
        }

        var range = LogHistogram.RangeOf(value);
        _now.Add(range);
        for (var i = 0; i < _tests.Length; i++)
        {
            _tests[i].Add(range > _cuts[i]);
        }
    }

    public SignalLook Look() => QuantileLooks.Worst(sizes, before, _now, [.. _tests.Select(test => test.Evidence)], -Math.Log(chance / 2));
}

/// <summary>What is predicted, compared with a profile: a shift makes at least one bin likelier than it was.</summary>
internal sealed class ProfilePredictionSignal : ISignal
{
    private readonly double _chance;
    private readonly double _tolerated;
    private readonly PredictionBins _bins;
    private readonly PredictionCounts _before;
    private readonly PredictionCounts _now = new();
    private readonly LevelTest[] _tests;

    public ProfilePredictionSignal(double chance, double tolerated, ServingProfile profile)
    {
        (_chance, _tolerated) = (chance, tolerated);
        _bins = new PredictionBins(profile.PredictionEdges);
        _before = PredictionCounts.From(profile.Predictions);
        _tests =
        [
            .. Enumerable.Range(0, PredictionBins.Most).Select(bin => new LevelTest(
                LevelTest.HighestLevel((long)_before[bin], (long)_before.Count, chance / 2 / PredictionBins.Most))),
        ];
    }

    public void Add(in Outcome outcome)
    {
        var made = outcome.Failed ? -1 : _bins.BinOf(outcome.Prediction);
        if (made < 0 || _before.Count == 0)
        {
            return;
        }

        _now.Add(made);
        for (var bin = 0; bin < _tests.Length; bin++)
        {
            _tests[bin].Add(bin == made);
        }
    }

    public SignalLook Look() => SignalLooks.Judge(new SignalLook(
        Signal.Predictions, (long)_before.Count, (long)_now.Count, 0, _now.DistanceTo(_before), _tolerated,
        Logarithms.OfMean([.. _tests.Select(test => test.Evidence)]), -Math.Log(_chance / 2), Verdict.Continue));
}
