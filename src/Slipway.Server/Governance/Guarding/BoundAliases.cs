using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Keeps the aliases that a pipeline binds to stages where they belong: on a version in the stage, or away.</summary>
internal static class BoundAliases
{
    /// <summary>The stage that an alias is bound to; null when it is free.</summary>
    public static PipelineStage? FindStage(Pipeline pipeline, string alias) => pipeline.Stages.FirstOrDefault(stage => stage.Alias == alias);

    /// <summary>Moves the alias of the stage to the version that entered it.</summary>
    public static async Task EnterAsync(Change change, PipelineStage stage, ModelVersionRow version, CancellationToken cancellationToken)
    {
        if (stage.Alias is { } alias && await ModelAliases.FindVersionAsync(change, version.Model, alias, cancellationToken) != version.Id)
        {
            await PointAsync(change, alias, version, cancellationToken);
        }
    }

    /// <summary>Moves aliases whose versions left their stages to the one that entered last of those that remain.</summary>
    public static async Task SettleAsync(Change change, Pipeline pipeline, (long Id, string Name) model, CancellationToken cancellationToken)
    {
        foreach (var stage in pipeline.Stages.Where(stage => stage.Alias is not null))
        {
            var holders = await ModelVersions.InStageAsync(change, model.Id, stage.Name, cancellationToken);
            var pointed = await ModelAliases.FindVersionAsync(change, model.Id, stage.Alias!, cancellationToken);
            if (pointed is { } id && holders.Exists(holder => holder.Id == id))
            {
                continue;
            }

            if (holders.Count > 0)
            {
                await PointAsync(change, stage.Alias!, holders[0], cancellationToken);
            }
            else if (pointed is not null)
            {
                await ModelAliases.DeleteAsync(change, model.Id, stage.Alias!, cancellationToken);
                await TellAsync(change, model, (stage.Alias!, null), cancellationToken);
            }
        }
    }

    private static async Task PointAsync(Change change, string alias, ModelVersionRow version, CancellationToken cancellationToken)
    {
        await ModelAliases.SetAsync(change, version, alias, cancellationToken);
        await TellAsync(change, (version.Model, version.Name), (alias, version.Version), cancellationToken);
    }

    private static async Task TellAsync(Change change, (long Id, string Name) model, (string Alias, long? Version) moved, CancellationToken cancellationToken)
    {
        change.About($"models/{model.Name}/aliases/{moved.Alias}");
        await RegistryEvents.AnnounceAsync(change, (model.Id, "model_version_alias", moved.Version is null ? "deleted" : "created"), new RegistryEvent(model.Name)
        {
            Alias = moved.Alias,
            Version = moved.Version is { } version ? RegistryEvents.Digits(version) : null,
        }, cancellationToken);
    }
}
