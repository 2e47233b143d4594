using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Journals;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>One model of the table: its rollout, its watch, and where its requests go. Called by one thread at a time.</summary>
internal sealed class ModelRun(string name, LookJournal looks, TimeProvider time)
{
    private readonly Outcomes _outcomes = new() { IsOpen = true };
    private readonly StickyShare _sticky = new();
    private ServedModel _model = new() { Name = name };
    private Dictionary<string, LiveDeployment> _live = [];
    private RolloutRun? _rollout;
    private WatchRun? _watch;
    private Profiles _profiles = new();
    private string? _profiled;
    private string? _shiftedFrom;

    public ModelMemory Memory => new() { Rollout = _rollout?.State, Shift = Shift, ShiftedFrom = _shiftedFrom };

    public ShiftState? Shift { get; private set; }

    private LiveDeployment? Stable => FindRole(DeploymentRole.Stable);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes its part of a new table.</summary>
    public void Apply(ServedModel model, Dictionary<string, LiveDeployment> live, ModelMemory? before)
    {
        (_model, _live) = (model, live);
        _rollout = model.Rollout is not { } plan ? null : _rollout?.State.Id == plan.Id ? _rollout : Begin(plan, before?.Rollout);
        (Shift, _shiftedFrom) = (Shift ?? before?.Shift, _shiftedFrom ?? before?.ShiftedFrom);
        if (Shift is not null && (_shiftedFrom != Stable?.Id || !live.ContainsKey(Shift.Deployment)))
        {
            (Shift, _shiftedFrom) = (null, null);
        }

        if (_profiled != Stable?.Id)
        {
            (_profiled, _profiles) = (Stable?.Id, new Profiles());
        }

        // Only a trial leaves the stable version where it is, so that it is worth watching.
        _watch = model.Watch is { } watch && Stable is { } stable && model.Rollout is null or { Strategy: RolloutStrategy.Trial } ? _watch?.IsOf(watch, stable.Id) == true ? _watch : new WatchRun(watch, stable.Id, time) : null;
    }

    /// <summary>Where its requests go now.</summary>
    public Route ToRoute()
    {
        var main = Shift is null ? Stable : _live.GetValueOrDefault(Shift.Deployment);
        var percent = _rollout is null || Shift is not null ? 0 : _rollout.State.Percent;
        return percent > 0
            ? new Route(_model, main?.Pool, _live[_rollout!.Candidate].Pool, percent / 100, _outcomes)
            : new Route(_model, main?.Pool, null, 0, _outcomes);
    }

    /// <summary>Judges what has come in since the last time.</summary>
    public void Tick()
    {
        while (_outcomes.TryTake(out var outcome, out var deployment))
        {
            Take(outcome, deployment);
        }

        while (_outcomes.TryTakeFeedback(out var feedback, out var deployment))
        {
            Take(feedback, deployment);
        }

        _rollout?.Tick(_model.Rollout?.Strategy == RolloutStrategy.BlueGreen ? _profiles.Late : null, look => Keep(look, _rollout.State.Id));
        if (Shift is null && _watch?.Tick(_profiles.Own, look => Keep(look, $"watch:{_watch.Deployment}")) is { } reason)
        {
            Degrade(reason);
        }
    }

    /// <summary>Moves all traffic at once; says what is wrong with the order, or null.</summary>
    public string? RollBack(RollbackOrder order)
    {
        var target = order.To is not null ? _live.GetValueOrDefault(order.To) : IsRollingOut ? Stable : FindRole(DeploymentRole.Previous);
        if (target is null)
        {
            return order.To is null ? $"There is no deployment of {_model.Name} to go back to." : $"There is no deployment '{order.To}' of {_model.Name}.";
        }

        if (!target.Pool.HasHealthy)
        {
            return $"The deployment '{target.Id}' has no healthy worker.";
        }

        if (IsRollingOut)
        {
            _rollout!.Fail("hand", order.Reason ?? "Rolled back by hand.");
        }

        if (target != Stable)
        {
            MoveTo(target.Id, "hand", order.Reason);
        }
        else
        {
            (Shift, _shiftedFrom) = (null, null);
        }

        return null;
    }

    public ModelState ToState() => new()
    {
        Name = _model.Name,
        Rollout = _rollout?.State,
        Shift = Shift,
        Profile = _profiles.Own,
        Deployments = [.. _model.Deployments.Select(deployment => _live[deployment.Id]).Select(live => DeploymentStates.Of(live, ToRoute()))],
    };

    private bool IsRollingOut => _rollout is { State.Phase: not RolloutPhase.Failed };

    private LiveDeployment? FindRole(DeploymentRole role) =>
        _model.Deployments.FirstOrDefault(deployment => deployment.Role == role) is { } found ? _live.GetValueOrDefault(found.Id) : null;

    private RolloutRun Begin(RolloutPlan plan, RolloutState? before)
    {
        _sticky.Clear();
        return new RolloutRun(plan, _live[plan.Candidate], Stable is not null, before?.Id == plan.Id ? before : null, time);
    }

    private void Take(Outcome outcome, string deployment)
    {
        if (deployment == _profiled)
        {
            _profiles.Add(outcome);
            _watch?.Add(outcome);
        }

        if (_rollout is not null && (deployment == _profiled || deployment == _rollout.Candidate))
        {
            _rollout.Add(_model.StickyHeader is null ? outcome : _sticky.Correct(outcome));
        }
    }

    private void Take(Feedback feedback, string deployment)
    {
        if (deployment == _profiled)
        {
            _profiles.Add(feedback);
            _watch?.Add(feedback);
        }

        if (_rollout is not null && (deployment == _profiled || deployment == _rollout.Candidate))
        {
            _rollout.Add(feedback);
        }
    }

    private void Degrade(string reason)
    {
        if (_model.Watch!.ShiftBack && FindRole(DeploymentRole.Previous) is { Pool.HasHealthy: true } previous)
        {
            MoveTo(previous.Id, "watch", reason);
        }
    }

    private void MoveTo(string deployment, string by, string? reason) =>
        (Shift, _shiftedFrom) = (new ShiftState(deployment, by, Now) { Reason = reason }, Stable?.Id);

    private void Keep(Look look, string rollout) =>
        looks.Add(number => new JournaledLook(number, Now, _model.Name, rollout, _rollout?.State.Step ?? 0, _rollout?.State.Percent ?? 100, look));
}
