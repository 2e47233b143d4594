using Slipway.Server.Delivery.Trials;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>A stage that an environment serves changes only when the version serves; and what a process does for an environment, it does while it looks after it.</summary>
/// <remarks>Asked after the gates, so that whoever lacks something is told that first.</remarks>
internal sealed class DeliveryRule(Rights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is ILeased { Lease: { } lease })
        {
            await Leases.DemandAsync(change, lease, cancellationToken);
        }

        if (request is BeginRollout begun)
        {
            await RequirePromoteAsync(change, (begun.Promotion.Model, begun.Promotion.ModelName), null, cancellationToken);
        }
        else if (request is EndRollout { Lease: null } abandoned)
        {
            await RequirePromoteAsync(change, (abandoned.Rollout.Model, abandoned.Rollout.ModelName), null, cancellationToken);
        }
        else if (request is StartTrial start)
        {
            await RequireTryingAsync(change, start.Name, start.Environment, cancellationToken);
        }
        else if (request is StopTrial stop)
        {
            await RequireTryingAsync(change, stop.Name, null, cancellationToken);
        }
        else if (request is CompletePromotion { Rollout: { } rollout })
        {
            await DemandUnderWayAsync(change, rollout, cancellationToken);
        }
        else if (change.Find<Admission>() is { Kind: not Decisions.BreakGlass } admission)
        {
            await RefuseServedAsync(change, admission.Entry.Version, admission.Entry.Stage.Name, cancellationToken);
        }
        else if (request is TransitionStage transition && change.Find<StagePass>() is { Leaving: null } pass)
        {
            await RefuseUngovernedAsync(change, transition, pass.Stage, cancellationToken);
        }
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is CompletePromotion { Rollout: { } rollout })
        {
            await Handover.CompleteAsync(change, rollout.Id, cancellationToken);
        }
    }

    // Whoever may bring versions into the stage may have some of its traffic tried on another.
    private async Task RequireTryingAsync(Change change, string name, string? environment, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, name, cancellationToken);
        var row = environment is null ? null : await Environments.FindAsync(change, environment, cancellationToken);
        await RequirePromoteAsync(change, (model.Id, name), row?.Stage, cancellationToken);
    }

    private async Task RequirePromoteAsync(Change change, (long Id, string Name) model, string? stage, CancellationToken cancellationToken)
    {
        var pipeline = await Pipelines.FindForAsync(change, model.Name, cancellationToken);
        var gateway = stage is not null && pipeline?.FindStage(stage) is { } into ? Gateway.Into(model.Id, model.Name, pipeline, into) : Gateway.Any(model.Id, model.Name, pipeline);
        await new PromotionRights(rights).RequirePromoteAsync(change, change.Info.Actor, gateway, cancellationToken);
    }

    private static async Task DemandUnderWayAsync(Reader reader, RolloutAtEnd rollout, CancellationToken cancellationToken)
    {
        await Leases.DemandAsync(reader, rollout.Lease, cancellationToken);
        var row = await Rollouts.GetAsync(reader, rollout.Id, cancellationToken);
        if (row.State != RolloutOutcome.UnderWay)
        {
            throw Fault.Conflict($"Rollout {row.Id} is {row.State} already.");
        }
    }

    private static async Task RefuseServedAsync(Reader reader, ModelVersionRow version, string stage, CancellationToken cancellationToken)
    {
        if (await Environments.FindServingAsync(reader, (version.Name, stage), cancellationToken) is { } environment)
        {
            throw new ServedStageException(version, stage, environment.Name);
        }
    }

    private static async Task RefuseUngovernedAsync(Reader reader, TransitionStage transition, string stage, CancellationToken cancellationToken)
    {
        if (await Environments.FindServingAsync(reader, (transition.Name, stage), cancellationToken) is { } environment
            && await ModelVersions.FindAsync(reader, transition.Name, transition.Version, cancellationToken) is { } version && version.Stage != stage)
        {
            throw Fault.Conflict($"{stage} of '{version.Name}' is served by the environment {environment.Name}, and no pipeline says what is in front of it. Apply one for the model that lists the stage; it may have no gates.");
        }
    }
}

/// <summary>A rollout that is to be completed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Lease">Under which it was carried on.</param>
internal sealed record RolloutAtEnd(long Id, Lease Lease);

/// <summary>The gates are met, but the version has to serve before the stage changes.</summary>
internal sealed class ServedStageException(ModelVersionRow version, string stage, string environment)
    : Fault(FaultKind.Conflict, $"{stage} of '{version.Name}' is served by the environment {environment}: it changes when version {version.Version} serves. Ask for that with 'slipway promote {version.Name} {version.Version} --to {stage}'.");
