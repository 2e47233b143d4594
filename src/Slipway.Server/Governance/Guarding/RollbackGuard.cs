using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Finds out what a rollback means, and whether it may be: it asks no gate, but only for a version that was there before.</summary>
internal sealed class RollbackGuard(PromotionRights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is not RollBack rollback)
        {
            return;
        }

        var where = await RollbackPlace.FindAsync(change, rollback.Name, rollback.Stage, cancellationToken);
        var gateway = where is { Pipeline: { } pipeline, GovernedStage: { } stage } ? Gateway.Into(where.Model, rollback.Name, pipeline, stage) : Gateway.Any(where.Model, rollback.Name, null);
        await rights.RequirePromoteAsync(change, change.Info.Actor, gateway, cancellationToken);

        var holders = await ModelVersions.InStageAsync(change, where.Model, where.Stage, cancellationToken);
        var target = await where.TargetAsync(change, rollback.Version, holders, cancellationToken);
        Check(rollback, where, target);
        await RequireLeavingAsync(change, where, target, cancellationToken);
        var from = holders.Count > 0 ? holders[0] : null;
        change.Set(new RollbackPlan(target, from, new StagePass(where.Stage, Leaving(where.GovernedStage, holders, target))) { Pipeline = where.Pipeline });
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is RollBack rollback && change.Find<RollbackPlan>() is { } plan)
        {
            await TellAsync(change, plan, rollback.Reason, cancellationToken);
        }
    }

    // Back into a stage may be out of a later one.
    private async Task RequireLeavingAsync(Change change, RollbackPlace where, ModelVersionRow target, CancellationToken cancellationToken)
    {
        if (where is { Pipeline: { } pipeline, GovernedStage: { } stage } && pipeline.FindStage(target.Stage) is { } held && pipeline.PlaceOf(stage) < pipeline.PlaceOf(held))
        {
            await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Into(target.Model, target.Name, pipeline, held), cancellationToken);
        }
    }

    private static void Check(RollBack rollback, RollbackPlace where, ModelVersionRow target)
    {
        if (rollback.Observed is not { } observed || observed.Version != target.Id)
        {
            throw new TargetMovedException(rollback.Name);
        }

        if (observed.Digest != target.ManifestDigest)
        {
            throw new RefusedException($"Version {target.Version} of '{rollback.Name}' can't be gone back to: its files {(observed.Digest is null ? "are gone" : $"were altered since it was registered{(observed.Difference is { } difference ? $": {difference}" : "")}")}. Name another one that was in {where.Stage}.");
        }
    }

    // The newest goes; of the others as many stay as the stage takes.
    private static List<ModelVersionRow> Leaving(PipelineStage? stage, List<ModelVersionRow> holders, ModelVersionRow target)
    {
        var staying = holders.Skip(1).Where(holder => holder.Id != target.Id).ToList();
        var kept = stage is { ArchivesExisting: true } ? 0 : (stage?.Limit ?? int.MaxValue) - 1;
        return [.. holders.Take(1).Where(holder => holder.Id != target.Id), .. staying.Skip(kept)];
    }

    private static async Task TellAsync(Change change, RollbackPlan plan, string reason, CancellationToken cancellationToken)
    {
        var stage = plan.Pass.Stage;
        await Rollbacks.AddAsync(change, plan, reason, cancellationToken);
        await Decisions.AddAsync(change, new Decision(plan.To.Id, stage, Decisions.Rollback) { Pipeline = plan.Pipeline, Reason = reason }, cancellationToken);
        if (plan.From is { } from && await Promotions.FindCompletedAsync(change, (from.Id, stage), cancellationToken) is { } completed)
        {
            await PromotionTurn.TurnAsync(change, completed, (PromotionState.RolledBack, reason), report: null, cancellationToken);
        }

        if (await Promotions.FindOpenAsync(change, (plan.To.Id, stage), change.Info.At, cancellationToken) is { } open)
        {
            await PromotionTurn.TurnAsync(change, open, (PromotionState.Cancelled, "The version is in the stage again, by a rollback."), report: null, cancellationToken);
        }

        if (plan.Pipeline is { } pipeline)
        {
            await BoundAliases.SettleAsync(change, pipeline, (plan.To.Model, plan.To.Name), cancellationToken);
            if (pipeline.FindStage(stage) is { } governed)
            {
                await BoundAliases.EnterAsync(change, governed, plan.To, cancellationToken);
            }
        }
    }
}

/// <summary>Between looking at the files of the version to go back to and going back, another one became it.</summary>
internal sealed class TargetMovedException(string model) : Fault(FaultKind.Conflict, $"Other versions of '{model}' moved at the same time. Try again.");
