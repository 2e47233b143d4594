using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>The stage went back to the version that is still warm: it serves again at once, and the other one is kept warm in its place.</summary>
internal sealed record ReturnToPrevious(Lease Lease, DeploymentRow Previous) : ChangeRequest<bool>, ILeased
{
    public override string Action => "deployment.return";

    public override string Resource => $"models/{Previous.ModelName}/versions/{Previous.Number}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var of = (Previous.Environment, Previous.Model);
        if (await Deployments.FindAsync(change, of, DeploymentPlace.Previous, cancellationToken) is not { } previous || previous.Id != Previous.Id)
        {
            throw Fault.Conflict($"Deployment {Previous.Id} is not warm any more.");
        }

        // One deployment at a time has a role, so the first one steps aside.
        var stable = await Deployments.FindAsync(change, of, DeploymentPlace.Stable, cancellationToken);
        await Deployments.SetRoleAsync(change, previous.Id, DeploymentPlace.Candidate, cancellationToken);
        if (stable is not null)
        {
            await Deployments.SetRoleAsync(change, stable.Id, DeploymentPlace.Previous, cancellationToken);
        }

        await Deployments.SetRoleAsync(change, previous.Id, DeploymentPlace.Stable, cancellationToken);
        DeploymentEvents.Tell(change, "deployment.returned", previous, $"{previous.ModelName} {previous.Number} serves again in {previous.Environment}.");
        return true;
    }
}
