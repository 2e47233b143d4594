using Slipway.Server.Governance.Promoting;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Ends a rollout without a handover: the version leaves the environment, and its promotion is over with it. So do trials end, also those that went well.</summary>
/// <param name="Rollout">As it was when that was decided.</param>
/// <param name="End">How, and why.</param>
internal sealed record EndRollout(RolloutRow Rollout, RolloutEnd End) : ChangeRequest<bool>, ILeased
{
    public override string Action => End.State switch
    {
        RolloutOutcome.Completed => "rollout.complete",
        RolloutOutcome.RolledBack => "rollout.roll-back",
        RolloutOutcome.Cancelled => "rollout.cancel",
        _ => "rollout.fail",
    };

    public override string Resource => Rollout.Resource;

    /// <summary>Whose doing it is when the server does it by itself; null for a person's.</summary>
    public Lease? Lease { get; init; }

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        await EndAsync(change, Rollout, End, cancellationToken);
        return true;
    }

    /// <exception cref="Fault">It is over already.</exception>
    internal static async Task<RolloutRow> EndAsync(Change change, RolloutRow rollout, RolloutEnd end, CancellationToken cancellationToken)
    {
        if (!await Rollouts.EndAsync(change, rollout.Id, end, cancellationToken))
        {
            throw Fault.Conflict($"Rollout {rollout.Id} is over already.");
        }

        if (await Deployments.FindAsync(change, (rollout.Environment, rollout.Model), DeploymentPlace.Candidate, cancellationToken) is { } candidate)
        {
            await Deployments.EndAsync(change, candidate.Id, cancellationToken);
        }

        await EndPromotionAsync(change, rollout, end, cancellationToken);
        var ended = rollout with { State = end.State, Signal = end.Signal, Reason = end.Reason, EndedAt = change.Info.At };
        RolloutEvents.Tell(change, rollout, ended);
        return ended;
    }

    private static async Task EndPromotionAsync(Change change, RolloutRow rollout, RolloutEnd end, CancellationToken cancellationToken)
    {
        if (rollout.Promotion is not { } id || await Promotions.GetAsync(change, id, cancellationToken) is not { State: PromotionState.Deploying } promotion)
        {
            return;
        }

        var state = end.State switch
        {
            RolloutOutcome.RolledBack => PromotionState.RolledBack,
            RolloutOutcome.Cancelled => PromotionState.Cancelled,
            _ => PromotionState.Failed,
        };
        await PromotionTurn.TurnAsync(change, promotion, (state, end.Reason), report: null, cancellationToken);
    }
}
