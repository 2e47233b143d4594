using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>Carries out one plan: waits, verifies, shifts step by step, and shifts back at once. Called by one thread at a time.</summary>
internal sealed class RolloutRun
{
    private readonly RolloutPlan _plan;
    private readonly LiveDeployment _candidate;
    private readonly bool _hasStable;
    private readonly TimeProvider _time;
    private readonly LookPace _pace;
    private Judge? _judge;
    private Task<string?>? _verifying;
    private int _replaced;

    public RolloutRun(RolloutPlan plan, LiveDeployment candidate, bool hasStable, RolloutState? before, TimeProvider time)
    {
        (_plan, _candidate, _hasStable, _time) = (plan, candidate, hasStable, time);
        _pace = new LookPace(time);
        State = before is { Phase: not (RolloutPhase.Starting or RolloutPhase.Verifying) }
            ? before
            : new RolloutState { Id = plan.Id, Phase = RolloutPhase.Starting, Since = Now };
    }

    public RolloutState State { get; private set; }

    public string Candidate => _candidate.Id;

    public bool IsOver => State.Phase is RolloutPhase.Passed or RolloutPhase.Failed or RolloutPhase.Inconclusive;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private IReadOnlyList<RolloutStep> Steps => _plan.Strategy is RolloutStrategy.Canary or RolloutStrategy.Trial && _plan.Steps.Count > 0
        ? _plan.Steps
        : [(_plan.Steps.Count > 0 ? _plan.Steps[0] : new RolloutStep { Percent = 100 }) with { Percent = 100 }];

    /// <summary>Takes an answer of the candidate, or of the stable deployment in the same minutes.</summary>
    public void Add(in Outcome outcome)
    {
        if (outcome.Candidate || outcome.Share is > 0 and < 1)
        {
            _judge?.Add(outcome);
        }
    }

    public void Add(in Feedback feedback) => _judge?.Add(feedback);

    /// <summary>Does what it is time for. A look that is to be kept goes to <paramref name="keep"/>.</summary>
    public void Tick(ServingProfile? baseline, Action<Look> keep)
    {
        switch (State.Phase)
        {
            case RolloutPhase.Starting:
                AwaitWorkers();
                break;
            case RolloutPhase.Verifying:
                AwaitReadiness(baseline);
                break;
            case RolloutPhase.Shifting:
                Judge(baseline, keep);
                break;
        }
    }

    public void Fail(string signal, string reason) =>
        State = State with { Phase = RolloutPhase.Failed, Percent = 0, Since = Now, Signal = signal, Reason = reason };

    private void AwaitWorkers()
    {
        if (_candidate.IsReady)
        {
            State = State with { Phase = RolloutPhase.Verifying, Since = Now };
            _verifying = Task.Run(() => Readiness.CheckAsync(_plan, _candidate.Pool));
            return;
        }

        if (_candidate.Problem is not null || _candidate.Replaced > 2 || Now - State.Since > _plan.StartSeconds * 1000)
        {
            Fail("start", $"The workers did not become ready{(_candidate.LastWords() is { } words ? $": {words}" : FormattableString.Invariant($" within {_plan.StartSeconds:0} s."))}");
        }
    }

    private void AwaitReadiness(ServingProfile? baseline)
    {
        if (_verifying is not { IsCompleted: true } done)
        {
            return;
        }

        if (done.GetAwaiter().GetResult() is { } wrong)
        {
            Fail("readiness", wrong);
            return;
        }

        if (!_hasStable || _plan.Strategy == RolloutStrategy.AllAtOnce)
        {
            // There is nobody to compare with, or nobody wants to.
            State = State with { Phase = RolloutPhase.Passed, Step = 0, Percent = 100, Since = Now };
            return;
        }

        BeginStep(0, baseline);
    }

    private void BeginStep(int step, ServingProfile? baseline)
    {
        State = State with { Phase = RolloutPhase.Shifting, Step = step, Percent = Steps[step].Percent, Since = Now };
        BeginJudging(baseline);
    }

    private void BeginJudging(ServingProfile? baseline)
    {
        if (_judge is null)
        {
            _judge = Steps[State.Step].Percent < 100
                ? Judging.Judge.OfBoth(_plan.Judge)
                : baseline is not null ? Judging.Judge.Against(baseline, _plan.Judge) : Judging.Judge.ByLimits(_plan.Judge);
            _replaced = _candidate.Replaced;
        }

        _judge.BeginStep(Steps[State.Step].LeastSamples, TimeSpan.FromSeconds(Steps[State.Step].LeastSeconds));
    }

    private void Judge(ServingProfile? baseline, Action<Look> keep)
    {
        if (_judge is null)
        {
            // The gateway was started anew in the middle of the step.
            BeginJudging(baseline);
        }

        for (var replaced = _candidate.Replaced; _replaced < replaced; _replaced++)
        {
            _judge!.AddCrash();
        }

        if (!_pace.IsTime(_judge!.CandidateSamples, out var isNew))
        {
            return;
        }

        var look = _judge.Look(TimeSpan.FromMilliseconds(Now - State.Since));
        if (isNew || look.Verdict != Verdict.Continue)
        {
            keep(look);
        }

        State = State with { Verdict = look.Verdict, BaselineSamples = look.BaselineSamples, CandidateSamples = look.CandidateSamples };
        Follow(look, baseline);
    }

    private void Follow(Look look, ServingProfile? baseline)
    {
        switch (look.Verdict)
        {
            case Verdict.Fail:
                Fail(Name(look.Signal), look.Reason!);
                break;
            case Verdict.Inconclusive when _plan.Judge.Inconclusive == InconclusiveRule.Fail:
                Fail(Name(look.Signal), look.Reason!);
                break;
            case Verdict.Inconclusive when _plan.Judge.Inconclusive == InconclusiveRule.Hold:
                State = State with { Phase = RolloutPhase.Inconclusive, Since = Now, Reason = look.Reason, Signal = Name(look.Signal) };
                break;
            case Verdict.Inconclusive or Verdict.Pass when State.Step + 1 < Steps.Count && _plan.Strategy == RolloutStrategy.Canary:
                BeginStep(State.Step + 1, baseline);
                break;
            case Verdict.Inconclusive or Verdict.Pass:
                State = State with { Phase = RolloutPhase.Passed, Since = Now, Percent = _plan.Strategy == RolloutStrategy.Trial ? 0 : State.Percent };
                break;
        }
    }

    private static string Name(Signal? signal) => signal?.ToString().ToLowerInvariant() ?? "traffic";
}
