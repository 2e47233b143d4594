using Slipway.Server.Governance.Guarding;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>The endpoints that move versions past the gates, and that shut a version out for good.</summary>
/// <param name="spine">What every feature leans on.</param>
/// <param name="abandon">Ends a rollout that is under way in place of a rollback; null when there is none.</param>
internal sealed class StageRoutes(Spine spine, Func<Caller, RollBack, CancellationToken, Task<StageChange?>> abandon)
{
    private const int Attempts = 3;

    private readonly FileObserver _files = new(spine);
    private readonly PromotionRights _rights = new(spine.Rights);

    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath("models/{name}/rollback", "Lets a version serve again that did before; no gate is asked."), Permission.Promote, (path, _) => Target.Model(path.First), (RouteValues path, RollBackRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RollBackAsync(caller, RollBack.Decode(path.First, wire), cancellationToken));
        native.Post(new NativePath("models/{name}/versions/{version}/break-glass", "Brings a version into a stage past its gates, for a reason."), Permission.BreakGlass, (path, _) => Target.Model(path.First), async (RouteValues path, BreakGlassRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = BreakGlass.Decode(path.First, path.Second, wire);
            var entered = await spine.MakeAsync(caller, request with { Observed = await _files.ObserveForBreakerAsync(caller, request.Name, request.Version, cancellationToken) }, cancellationToken);
            return new StageChange(entered.Name, RegistryEvents.Digits(entered.Version), entered.Stage);
        });
        native.Post(new NativePath("models/{name}/versions/{version}/revoke", "Shuts a version out of all governed stages for good."), Permission.Promote, (path, _) => Target.Model(path.First), (RouteValues path, ReasonRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.MakeAsync(caller, RevokeVersion.Decode(path.First, path.Second, wire), cancellationToken));
    }

    private async Task<StageChange> RollBackAsync(Caller caller, RollBack request, CancellationToken cancellationToken)
    {
        if (await abandon(caller, request, cancellationToken) is { } abandoned)
        {
            return abandoned;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var plan = await spine.MakeAsync(caller, request with { Observed = await ObserveTargetAsync(caller, request, cancellationToken) }, cancellationToken);
                return new StageChange(plan.To.Name, RegistryEvents.Digits(plan.To.Version), plan.Pass.Stage) { From = plan.From is { } from ? RegistryEvents.Digits(from.Version) : null };
            }
            catch (TargetMovedException) when (attempt < Attempts)
            {
                // Another rollback or promotion came between; what there is to go back to is looked for again.
            }
        }
    }

    // Whatever is wrong with the target, the change says it, so that it is on record.
    private async Task<ObservedFiles?> ObserveTargetAsync(Caller caller, RollBack request, CancellationToken cancellationToken)
    {
        try
        {
            var target = await spine.ReadAsync<ModelVersionRow?>(caller, async reader =>
            {
                var place = await RollbackPlace.FindAsync(reader, request.Name, request.Stage, cancellationToken);
                return await _rights.MayPromoteAsync(reader, caller.Principal, Gateway.Any(place.Model, place.Name, place.Pipeline), cancellationToken)
                    ? await place.TargetAsync(reader, request.Version, await ModelVersions.InStageAsync(reader, place.Model, place.Stage, cancellationToken), cancellationToken)
                    : null;
            }, cancellationToken);
            return target is null ? null : await _files.ObserveAsync(target, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind != FaultKind.Unavailable)
        {
            return null;
        }
    }
}
