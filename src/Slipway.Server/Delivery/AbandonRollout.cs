using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Wire.Governance;

namespace Slipway.Server.Delivery;

/// <summary>What a rollback by hand means while a rollout is under way: the version that comes goes.</summary>
internal sealed class AbandonRollout(Spine spine)
{
    /// <summary>Ends the rollout into the stage; null when none is under way there, or another version is named.</summary>
    public async Task<StageChange?> TryAsync(Caller caller, RollBack request, CancellationToken cancellationToken)
    {
        var rollout = await spine.ReadAsync(caller, async reader =>
        {
            var place = await RollbackPlace.FindAsync(reader, request.Name, request.Stage, cancellationToken);
            return await Environments.FindServingAsync(reader, (request.Name, place.Stage), cancellationToken) is { } environment
                ? await Rollouts.FindUnderWayAsync(reader, (environment.Name, place.Model), cancellationToken)
                : null;
        }, cancellationToken);
        if (rollout is not { Promotion: not null } || (request.Version is { } version && version != rollout.FromNumber))
        {
            return null;
        }

        var reason = request.Reason.Length == 0 ? $"{caller.Name} went back by hand." : request.Reason;
        await spine.MakeAsync(caller, new EndRollout(rollout, new RolloutEnd(RolloutOutcome.RolledBack, "hand", reason)), cancellationToken);
        var stage = await spine.Database.ReadAsync(async reader => (await Promotions.GetAsync(reader, rollout.Promotion.Value, cancellationToken)).Stage, cancellationToken);
        return new StageChange(rollout.ModelName, rollout.FromNumber is { } from ? RegistryEvents.Digits(from) : "", stage) { From = RegistryEvents.Digits(rollout.Number), Rollout = rollout.Id };
    }
}
