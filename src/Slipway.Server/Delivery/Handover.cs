using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Who serves is who was brought, in the books.</summary>
internal static class Handover
{
    /// <summary>Ends a rollout well: its deployment is the stable one, and the one before is kept warm.</summary>
    /// <exception cref="Fault">It is over already.</exception>
    public static async Task<RolloutRow> CompleteAsync(Change change, long id, CancellationToken cancellationToken)
    {
        var rollout = await Rollouts.GetAsync(change, id, cancellationToken);
        if (!await Rollouts.EndAsync(change, id, new RolloutEnd(RolloutOutcome.Completed, null, null), cancellationToken))
        {
            throw Fault.Conflict($"Rollout {id} is {rollout.State} already.");
        }

        var of = (rollout.Environment, rollout.Model);
        var candidate = await Deployments.FindAsync(change, of, DeploymentPlace.Candidate, cancellationToken)
            ?? throw new InvalidOperationException($"Rollout {id} has no deployment.");
        if (await Deployments.FindAsync(change, of, DeploymentPlace.Previous, cancellationToken) is { } older)
        {
            await Deployments.EndAsync(change, older.Id, cancellationToken);
        }

        if (await Deployments.FindAsync(change, of, DeploymentPlace.Stable, cancellationToken) is { } stable)
        {
            await Deployments.SetRoleAsync(change, stable.Id, DeploymentPlace.Previous, cancellationToken);
        }

        await Deployments.SetRoleAsync(change, candidate.Id, DeploymentPlace.Stable, cancellationToken);
        return rollout with { State = RolloutOutcome.Completed, EndedAt = change.Info.At };
    }
}
