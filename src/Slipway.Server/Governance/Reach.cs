using Slipway.Server.Governance.Gates;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>Which models and versions a pipeline decides about, and what today's evidence says of those that are in its stages.</summary>
internal static class Reach
{
    private const int Limit = 1000;

    /// <param name="reader">Where to look.</param>
    /// <param name="pipeline">As it is in force, or would be.</param>
    /// <param name="at">The time of the report.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<PipelineReach> FindAsync(Reader reader, Pipeline pipeline, long at, CancellationToken cancellationToken)
    {
        var models = await ModelsAsync(reader, pipeline, cancellationToken);
        var ids = await ModelVersions.ServedAsync(reader, [.. models.Take(Limit).Select(model => model.Id)], Limit + 1, cancellationToken);
        var reached = new List<ReachedVersion>();
        foreach (var version in await ModelVersions.LoadAsync(reader, [.. ids.Take(Limit)], cancellationToken))
        {
            reached.Add(new ReachedVersion(version.Name, RegistryEvents.Digits(version.Version), version.Stage, await UnmetAsync(reader, pipeline, (version, at), cancellationToken)));
        }

        return new PipelineReach([.. models.Take(Limit).Select(model => model.Name)], reached, models.Count <= Limit && ids.Count <= Limit);
    }

    private static async Task<List<(long Id, string Name)>> ModelsAsync(Reader reader, Pipeline pipeline, CancellationToken cancellationToken)
    {
        var pipelines = (await Pipelines.InForceAsync(reader, cancellationToken)).Where(other => other.Name != pipeline.Name).Append(pipeline).ToList();
        return [.. (await RegisteredModels.NamesAsync(reader, cancellationToken)).Where(model => Pipelines.Choose(pipelines, model.Name) == pipeline)];
    }

    private static async Task<IReadOnlyList<string>> UnmetAsync(Reader reader, Pipeline pipeline, (ModelVersionRow Version, long At) on, CancellationToken cancellationToken)
    {
        if (pipeline.FindStage(on.Version.Stage) is not { } stage)
        {
            return [$"the pipeline has no stage {on.Version.Stage}"];
        }

        // The version is in already: what is about the way in does not count, and its files are taken for what they were.
        stage = stage with { Limit = null, Gates = [.. stage.Gates.Where(gate => gate is not (ApprovalsGate or PreviousStageGate or StageTimeGate))] };
        var entry = new StageEntry(pipeline, stage, on.Version, on.At) { Observed = new ObservedFiles(on.Version.Id, on.Version.ManifestDigest) };
        var report = await Gatekeeper.CheckAsync(reader, entry, cancellationToken);
        return [.. report.Unmet.Where(result => result.Gate != FreezeGate.Name).Select(result => result.ToString())];
    }
}
