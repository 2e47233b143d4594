using System.Text.Json;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>A version is not served any more: its stage is empty, its warm time is over, or its environment is gone.</summary>
internal sealed record EndDeployment(Lease Lease, DeploymentRow Deployment, string Reason) : ChangeRequest<bool>, ILeased
{
    public override string Action => "deployment.end";

    public override string Resource => $"models/{Deployment.ModelName}/versions/{Deployment.Number}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        await Deployments.EndAsync(change, Deployment.Id, cancellationToken);
        DeploymentEvents.Tell(change, "deployment.ended", Deployment, Reason);
        return true;
    }
}

/// <summary>What deployments leave in the audit log and announce.</summary>
internal static class DeploymentEvents
{
    public static void Tell(Change change, string topic, DeploymentRow deployment, string reason)
    {
        var told = JsonSerializer.Serialize(new DeploymentAudit(deployment.Id, deployment.Environment, deployment.ModelName, deployment.Number) { Reason = reason }, DeliveryJson.Default.DeploymentAudit);
        change.Record(null, told);
        change.Announce(topic, told);
    }
}

/// <summary>A deployment as the audit log tells of it.</summary>
internal sealed record DeploymentAudit(long Deployment, string Environment, string Name, long Version)
{
    public required string Reason { get; init; }
}
