using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>What is or was in a governed stage is deleted by those only who may promote.</summary>
internal sealed class DeletionGuard(PromotionRights rights) : IRule
{
    public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => request switch
    {
        DeleteModelVersion deleted => BeforeVersionAsync(change, deleted, cancellationToken),
        DeleteRegisteredModel deleted => BeforeModelAsync(change, deleted, cancellationToken),
        _ => Task.CompletedTask,
    };

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is DeleteModelVersion deleted
            && await Pipelines.FindForAsync(change, deleted.Name, cancellationToken) is { } pipeline
            && await RegisteredModels.FindAsync(change, deleted.Name, cancellationToken) is { } model)
        {
            await BoundAliases.SettleAsync(change, pipeline, (model.Id, model.Name), cancellationToken);
        }
    }

    private async Task BeforeVersionAsync(Change change, DeleteModelVersion request, CancellationToken cancellationToken)
    {
        if (await ModelVersions.FindAsync(change, request.Name, request.Version, cancellationToken) is not { } version)
        {
            return;
        }

        if (await Pipelines.FindForAsync(change, request.Name, cancellationToken) is { } pipeline)
        {
            var held = pipeline.Stages.Where(stage => stage.Name == version.Stage).ToList();
            held.AddRange(await HeldAsync(change, pipeline, version.Model, version.Id, cancellationToken));
            await RequireAsync(change, new Gateway(version.Model, version.Name, pipeline, held), cancellationToken);
        }

        await VersionRoots.RemoveAsync(change, version.Id, cancellationToken);
        await CancelAsync(change, await Promotions.OpenOfVersionAsync(change, version.Id, cancellationToken), "The version was deleted.", cancellationToken);
    }

    private async Task BeforeModelAsync(Change change, DeleteRegisteredModel request, CancellationToken cancellationToken)
    {
        if (await RegisteredModels.FindAsync(change, request.Name, cancellationToken) is not { } model)
        {
            return;
        }

        if (await Pipelines.FindForAsync(change, request.Name, cancellationToken) is { } pipeline)
        {
            await RequireAsync(change, new Gateway(model.Id, model.Name, pipeline, await HeldAsync(change, pipeline, model.Id, null, cancellationToken)), cancellationToken);
        }

        await VersionRoots.RemoveAllAsync(change, model.Id, cancellationToken);
        await CancelAsync(change, await Promotions.OpenOfModelAsync(change, model.Name, cancellationToken), "The model was deleted.", cancellationToken);
    }

    private async Task RequireAsync(Change change, Gateway gateway, CancellationToken cancellationToken)
    {
        if (gateway.Stages.Count > 0)
        {
            await rights.RequirePromoteAsync(change, change.Info.Actor, gateway, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<PipelineStage>> HeldAsync(Reader reader, Pipeline pipeline, long model, long? version, CancellationToken cancellationToken)
    {
        var names = await Stages.EverHeldAsync(reader, model, version, cancellationToken);
        return [.. pipeline.Stages.Where(stage => names.Contains(stage.Name))];
    }

    private static async Task CancelAsync(Change change, IReadOnlyList<PromotionRow> promotions, string reason, CancellationToken cancellationToken)
    {
        foreach (var promotion in promotions)
        {
            await PromotionTurn.TurnAsync(change, promotion, (PromotionState.Cancelled, reason), report: null, cancellationToken);
        }
    }
}
