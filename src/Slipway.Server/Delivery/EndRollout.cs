using Slipway.Server.Governance.Promoting;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Ends a rollout that does not come to its end: the version leaves the environment, and its promotion is over with it.</summary>
/// <param name="Rollout">As it was when that was decided.</param>
/// <param name="End">How, and why.</param>
internal sealed record EndRollout(RolloutRow Rollout, RolloutEnd End) : ChangeRequest<bool>, ILeased
{
    public override string Action => End.State switch
    {
        RolloutOutcome.RolledBack => "rollout.roll-back",
        RolloutOutcome.Cancelled => "rollout.cancel",
        _ => "rollout.fail",
    };

    public override string Resource => Rollout.Resource;

    /// <summary>Whose doing it is when the server does it by itself; null for a person's.</summary>
    public Lease? Lease { get; init; }

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        if (!await Rollouts.EndAsync(change, Rollout.Id, End, cancellationToken))
        {
            throw Fault.Conflict($"Rollout {Rollout.Id} is over already.");
        }

        if (await Deployments.FindAsync(change, (Rollout.Environment, Rollout.Model), DeploymentPlace.Candidate, cancellationToken) is { } candidate)
        {
            await Deployments.EndAsync(change, candidate.Id, cancellationToken);
        }

        await EndPromotionAsync(change, cancellationToken);
        RolloutEvents.Tell(change, Rollout, Rollout with { State = End.State, Signal = End.Signal, Reason = End.Reason, EndedAt = change.Info.At });
        return true;
    }

    private async Task EndPromotionAsync(Change change, CancellationToken cancellationToken)
    {
        if (Rollout.Promotion is not { } id || await Promotions.GetAsync(change, id, cancellationToken) is not { State: PromotionState.Deploying } promotion)
        {
            return;
        }

        var state = End.State switch
        {
            RolloutOutcome.RolledBack => PromotionState.RolledBack,
            RolloutOutcome.Cancelled => PromotionState.Cancelled,
            _ => PromotionState.Failed,
        };
        await PromotionTurn.TurnAsync(change, promotion, (state, End.Reason), report: null, cancellationToken);
    }
}
