namespace Slipway.Serving.Judging;

/// <summary>
/// Compares a candidate with a baseline. It may be looked at after every request: its promise holds for all looks together. Not safe
/// for several threads; it has neither a clock nor anything else that it doesn't get handed in.
/// </summary>
internal sealed class Judge
{
    private readonly JudgeSettings _settings;
    private readonly ISignal[] _signals;
    private readonly HardLimitsWatch _limits;
    private readonly StepRule _step;
    private readonly long _before;
    private Arms _samples;

    private Judge(JudgeSettings settings, ISignal[] signals, long before)
    {
        _settings = settings;
        _signals = signals;
        _before = before;
        _limits = new HardLimitsWatch(settings.Limits);
        _step = new StepRule(settings);
    }

    /// <summary>How many answers of the candidate it knows.</summary>
    public long CandidateSamples => _samples.Candidate;

    /// <summary>Against a baseline that answers in the same minutes.</summary>
    public static Judge OfBoth(JudgeSettings settings) => new(settings, Listening.ToBoth(settings), before: 0);

    /// <summary>Against what was recorded before: only the candidate's answers count.</summary>
    public static Judge Against(ServingProfile profile, JudgeSettings settings) => new(settings, Listening.Against(profile, settings), profile.Samples);

    /// <summary>Against nothing but the hard limits.</summary>
    public static Judge ByLimits(JudgeSettings settings) => new(settings, [], before: 0);

    public void Add(in Outcome outcome)
    {
        _samples.Add(outcome.Candidate);
        foreach (var signal in _signals)
        {
            signal.Add(outcome);
        }

        if (outcome.Candidate)
        {
            _limits.Add(outcome.Failed, outcome.Milliseconds);
        }
    }

    public void Add(in Feedback feedback)
    {
        foreach (var signal in _signals)
        {
            signal.Add(feedback);
        }
    }

    /// <summary>The candidate lost a worker.</summary>
    public void AddCrash() => _limits.AddCrash();

    /// <summary>From here the least samples of a step are counted; what was seen before still counts as evidence.</summary>
    public void BeginStep(long leastSamples, TimeSpan leastTime) => _step.Begin(_samples.Candidate, leastSamples, leastTime);

    /// <summary>Looks at all signals, this long after the step began.</summary>
    public Look Look(TimeSpan sinceStepBegan)
    {
        SignalLook[] signals = [.. _signals.Select(signal => signal.Look())];
        var samples = _samples.WithBaseline(_samples.Baseline + _before);
        if (_limits.Look() is { } broken)
        {
            return Verdicts.Fail(samples, [.. signals, broken], broken);
        }

        return _samples.Candidate >= _settings.LeastSamples && Verdicts.FindFailed(signals) is { } failed
            ? Verdicts.Fail(samples, signals, failed)
            : _step.Decide(samples, signals, sinceStepBegan);
    }
}
