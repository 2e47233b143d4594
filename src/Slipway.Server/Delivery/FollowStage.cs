using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Begins to serve the version that a stage holds already: the environment is new, or the stage changed by a rollback or past its gates.</summary>
internal sealed record FollowStage(Lease Lease, ModelVersionRow Version) : ChangeRequest<bool>, ILeased
{
    public override string Action => "rollout.begin";

    public override string Resource => $"models/{Version.Name}/versions/{Version.Version}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Version.Name, Version.Version, cancellationToken);
        if (version.Stage != Version.Stage)
        {
            throw Fault.Conflict($"Version {version.Version} of '{version.Name}' is in {version.Stage} by now.");
        }

        var rollout = await BeginRollout.AddAsync(change, Lease.Environment, version, new RolloutCause(RolloutKind.Follow), cancellationToken);
        RolloutEvents.Tell(change, null, rollout);
        return true;
    }
}
