using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>An alias that a pipeline binds to a stage is a way into that stage, and has its gates.</summary>
internal sealed class AliasGuard(PromotionRights rights, StageAdmission admission) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        var (model, alias) = request switch
        {
            SetAlias set => (set.Name, set.Alias),
            DeleteAlias deleted => (deleted.Name, deleted.Alias),
            _ => ("", ""),
        };
        if (alias.Length == 0
            || await Pipelines.FindForAsync(change, model, cancellationToken) is not { } pipeline
            || BoundAliases.FindStage(pipeline, alias) is not { } stage
            || await RegisteredModels.FindAsync(change, model, cancellationToken) is not { } row)
        {
            return;
        }

        await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Into(row.Id, row.Name, pipeline, stage), cancellationToken);
        if (request is SetAlias wanted
            && await ModelVersions.FindAsync(change, model, wanted.Version, cancellationToken) is { } version
            && version.Stage != stage.Name)
        {
            await admission.AdmitAsync(change, new AliasEntry(model, wanted.Version, stage.Name, wanted.Observed), cancellationToken);
        }
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is SetAlias && change.Find<Admission>() is { } admitted)
        {
            await TransitionStage.EnterAsync(change, admitted.Entry.Version, archiveExisting: false, cancellationToken);
            change.About($"models/{admitted.Entry.Version.Name}/versions/{admitted.Entry.Version.Version}");
        }
    }
}

/// <summary>A version on its way into a stage by the alias that is bound to it.</summary>
internal sealed record AliasEntry(string Name, long Version, string Stage, ObservedFiles? Observed) : IStageChange;
