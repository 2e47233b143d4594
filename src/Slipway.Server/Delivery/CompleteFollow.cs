using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Ends a rollout whose stage had changed before: the version serves.</summary>
internal sealed record CompleteFollow(Lease Lease, RolloutRow Rollout) : ChangeRequest<bool>, ILeased
{
    public override string Action => "rollout.complete";

    public override string Resource => Rollout.Resource;

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var completed = await Handover.CompleteAsync(change, Rollout.Id, cancellationToken);
        RolloutEvents.Tell(change, Rollout, completed);
        return true;
    }
}
