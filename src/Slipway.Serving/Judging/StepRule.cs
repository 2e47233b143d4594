namespace Slipway.Serving.Judging;

/// <summary>When a step has passed, and when it can't be decided.</summary>
internal sealed class StepRule(JudgeSettings settings)
{
    private long _begun;
    private long _leastSamples = long.MaxValue;
    private TimeSpan _leastTime;

    public void Begin(long samples, long leastSamples, TimeSpan leastTime) => (_begun, _leastSamples, _leastTime) = (samples, leastSamples, leastTime);

    public Look Decide(Arms samples, IReadOnlyList<SignalLook> signals, TimeSpan sinceStepBegan)
    {
        var seen = samples.Candidate - _begun;
        var doubtful = signals.FirstOrDefault(signal => signal.Verdict == Verdict.Inconclusive);
        if (seen >= _leastSamples && sinceStepBegan >= _leastTime && doubtful is null)
        {
            return new Look(Verdict.Pass, samples.Baseline, samples.Candidate, signals);
        }

        var noMoreSamples = doubtful is not null && seen >= _leastSamples * settings.HorizonFactor;
        var noMoreTime = sinceStepBegan.TotalSeconds >= settings.HorizonSeconds;
        return noMoreSamples || noMoreTime
            ? Verdicts.Inconclusive(samples, signals, doubtful, FormattableString.Invariant($"only {seen} of {_leastSamples} answers came within {settings.HorizonSeconds:0} s"))
            : new Look(Verdict.Continue, samples.Baseline, samples.Candidate, signals) { Signal = doubtful?.Signal };
    }
}
