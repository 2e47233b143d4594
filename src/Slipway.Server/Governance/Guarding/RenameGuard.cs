using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>A model that comes under another pipeline by its new name comes there with nothing in its hands.</summary>
internal sealed class RenameGuard(PromotionRights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is not RenameRegisteredModel rename || await RegisteredModels.FindAsync(change, rename.Name, cancellationToken) is not { } model)
        {
            return;
        }

        var (old, next) = (await Pipelines.FindForAsync(change, rename.Name, cancellationToken), await Pipelines.FindForAsync(change, rename.NewName, cancellationToken));
        if (old?.Name == next?.Name)
        {
            return;
        }

        if (old is not null)
        {
            await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Any(model.Id, model.Name, old), cancellationToken);
        }

        await RefuseServedAsync(change, rename, model, cancellationToken);
        await Rollbacks.SetFloorAsync(change, model.Id, cancellationToken);
        foreach (var promotion in await Promotions.OpenOfModelAsync(change, model.Name, cancellationToken))
        {
            await PromotionTurn.TurnAsync(change, promotion, (PromotionState.Cancelled, $"The model came under another pipeline as '{rename.NewName}'."), report: null, cancellationToken);
        }

        change.Set(new Crossing(model.Id, next));
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is RenameRegisteredModel rename && change.Find<Crossing>() is { Next: { } next } crossing)
        {
            await BoundAliases.SettleAsync(change, next, (crossing.Model, rename.NewName), cancellationToken);
            await ModelVersions.DeleteTagsAsync(change, crossing.Model, [MirrorTag.Request, MirrorTag.Approved], cancellationToken);
        }
    }

    private static async Task RefuseServedAsync(Reader reader, RenameRegisteredModel rename, RegisteredModelRow model, CancellationToken cancellationToken)
    {
        var served = await ModelVersions.OutsideStagesAsync(reader, model.Id, [StageName.None, StageName.Archived], cancellationToken);
        if (served.Count > 0)
        {
            throw new RefusedException($"'{rename.Name}' can't become '{rename.NewName}', which another pipeline decides about, while {Shown(served)}. Archive first.");
        }
    }

    private static string Shown(List<(long Version, string Stage)> served) => string.Join(", ", served.Take(5).Select(version => $"version {version.Version} is in {version.Stage}"));

    /// <summary>That the model comes under another pipeline, or none.</summary>
    private sealed record Crossing(long Model, Pipeline? Next);
}
