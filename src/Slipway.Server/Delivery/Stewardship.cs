using Slipway.Server.Governance.Promoting;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Brings what an environment serves to what its stage holds: by what the database says alone.</summary>
/// <param name="spine">What every feature leans on.</param>
internal sealed class Stewardship(Spine spine)
{
    private const string OtherHolder = "The stage holds another version by now.";

    /// <summary>Does what there is to do; false when all is as it should be.</summary>
    public async Task<bool> ReconcileAsync(Lease lease, Picture picture, CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var model in picture.Models)
        {
            if (Next(lease, picture.Environment, model) is { } change)
            {
                await MakeAsync(change, cancellationToken);
                changed = true;
            }
        }

        return changed;
    }

    /// <summary>Ends all that an environment serves, for it is gone.</summary>
    public async Task EndAllAsync(Lease lease, CancellationToken cancellationToken)
    {
        var (rollouts, living) = await spine.Database.ReadAsync(
            async reader => (await Rollouts.UnderWayAsync(reader, lease.Environment, cancellationToken), await Deployments.LivingAsync(reader, lease.Environment, cancellationToken)),
            cancellationToken);
        foreach (var rollout in rollouts)
        {
            await MakeAsync(new EndRollout(rollout, new RolloutEnd(RolloutOutcome.Cancelled, null, $"The environment {lease.Environment} was taken away.")) { Lease = lease }, cancellationToken);
        }

        foreach (var deployment in living.Where(deployment => deployment.Role != DeploymentPlace.Candidate))
        {
            await MakeAsync(new EndDeployment(lease, deployment, $"The environment {lease.Environment} was taken away."), cancellationToken);
        }
    }

    /// <summary>Makes a change in the server's name.</summary>
    public async Task MakeAsync<T>(ChangeRequest<T> request, CancellationToken cancellationToken)
    {
        Failpoint.Reach(Failpoint.Before(request.Action));
        try
        {
            await spine.Changes.MakeAsync(Settlement.Server, request, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict or FaultKind.NotFound)
        {
            // Somebody else was faster, or something changed since the look; the next look sees it.
        }

        Failpoint.Reach(Failpoint.After(request.Action));
    }

    private ChangeRequest<bool>? Next(Lease lease, ServingEnvironment environment, ServedModelPicture model)
    {
        if (model.Rollout is { } rollout)
        {
            if (WhyOver(model, rollout) is { } reason)
            {
                return new EndRollout(rollout, new RolloutEnd(RolloutOutcome.Cancelled, null, reason)) { Lease = lease };
            }

            // A trial leaves the others as they are.
            if (rollout.Kind != RolloutKind.Trial)
            {
                return null;
            }
        }

        if (model.Holder is not { } holder)
        {
            return model.Living is [var first, ..] ? new EndDeployment(lease, first, $"No version of '{first.ModelName}' is in {environment.Stage} any more.") : null;
        }

        if (model.Stable?.Version != holder.Id)
        {
            return model.Previous is { } warm && warm.Version == holder.Id ? new ReturnToPrevious(lease, warm) : new FollowStage(lease, holder);
        }

        return model.Previous is { } previous && spine.Now >= previous.Since + (long)environment.Warm.TotalMilliseconds
            ? new EndDeployment(lease, previous, "It was kept warm for long enough.")
            : null;
    }

    private static string? WhyOver(ServedModelPicture model, RolloutRow rollout) => rollout.Kind switch
    {
        RolloutKind.Promotion => model.Promotion?.State == PromotionState.Deploying ? null : $"The promotion is {model.Promotion?.State ?? "gone"}.",
        RolloutKind.Trial => WhyTrialOver(model, rollout),
        _ => model.Holder?.Id == rollout.Version ? null : OtherHolder,
    };

    // It compares two versions: it is over when either is not there any more, and when another one is to come.
    private static string? WhyTrialOver(ServedModelPicture model, RolloutRow rollout) =>
        model.Stable is null || model.Holder?.Id != rollout.From ? OtherHolder
        : model.Candidate is not { } candidate || model.Versions.GetValueOrDefault(candidate.Version) is not { } tried ? $"Version {rollout.Number} was deleted."
        : tried.Stage != rollout.Trial!.Stage ? $"Version {rollout.Number} is in {tried.Stage} by now."
        : model.IsRevoked ? $"Version {rollout.Number} was revoked."
        : model.Promotion is { } waiting ? $"Promotion {waiting.Id} of '{waiting.ModelName}' {waiting.Number} goes before it."
        : null;
}
