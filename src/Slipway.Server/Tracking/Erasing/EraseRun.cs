using System.Text.Json;
using Slipway.Server.Artifacts;
using Slipway.Server.Lineage;
using Slipway.Store;

namespace Slipway.Server.Tracking.Erasing;

/// <summary>Removes a run for good that was deleted long ago, with all that was logged to it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Until">It was deleted before that.</param>
/// <param name="Place">Where its artifacts are; null where the server has none of them.</param>
internal sealed record EraseRun(string RunId, long Until, ArtifactPath? Place) : ChangeRequest<bool>
{
    public override string Action => "run.erase";

    public override string Resource => $"runs/{RunId}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var run = await Runs.GetAsync(change, RunId, cancellationToken);
        if (run.DeletedAt is null || run.DeletedAt > Until || await References.AnyAsync(change, new Remains(new LineageNode(NodeKind.Run, run.Id), run.Experiment, Place), cancellationToken))
        {
            throw Fault.Conflict($"The run {RunId} was restored, or is needed again.");
        }

        await Runs.EraseAsync(change, run.Id, cancellationToken);
        await RunUses.RemoveAsync(change, run.Id, cancellationToken);
        await RunManifests.RemoveAsync(change, run.Id, cancellationToken);
        await References.RemoveFilesAsync(change, Place, cancellationToken);
        change.Record(JsonSerializer.Serialize(new RunState(RunId, "deleted"), TrackingJson.Default.RunState), null);
        return true;
    }
}

/// <summary>Removes a logged model for good that was deleted long ago.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Until">It was deleted before that, or its experiment was.</param>
/// <param name="Place">Where its artifacts are; null where the server has none of them.</param>
internal sealed record EraseLoggedModel(string ModelId, long Until, ArtifactPath? Place) : ChangeRequest<bool>
{
    public override string Action => "logged-model.erase";

    public override string Resource => $"logged-models/{ModelId}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.FindAsync(change, ModelId, cancellationToken) ?? throw LoggedModels.Unknown(ModelId);
        if (!await LoggedModels.IsErasableAsync(change, model.Id, Until, cancellationToken)
            || await References.AnyAsync(change, new Remains(new LineageNode(NodeKind.LoggedModel, model.Id), model.Experiment, Place), cancellationToken))
        {
            throw Fault.Conflict($"The logged model {ModelId} was restored, or is needed again.");
        }

        await LoggedModels.EraseAsync(change, model.Id, cancellationToken);
        await References.RemoveFilesAsync(change, Place, cancellationToken);
        return true;
    }
}

/// <summary>Removes an experiment for good that was deleted long ago and that nothing is left of.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Until">It was deleted before that.</param>
/// <param name="Place">Where its artifacts were; null where the server has none of them.</param>
internal sealed record EraseExperiment(long Id, long Until, ArtifactPath? Place) : ChangeRequest<bool>
{
    public override string Action => "experiment.erase";

    public override string Resource => $"experiments/{Id}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var experiment = await Experiments.GetAsync(change, Id, cancellationToken);
        if (!await Experiments.IsErasableAsync(change, Id, Until, cancellationToken) || await References.AreFilesNeededAsync(change, Id, Place, cancellationToken))
        {
            throw Fault.Conflict($"The experiment {Id} was restored, or is needed again.");
        }

        await Experiments.EraseAsync(change, Id, cancellationToken);
        await References.RemoveFilesAsync(change, Place, cancellationToken);
        await ArtifactRoots.RemoveAsync(change, Id, cancellationToken);
        await Identity.Grants.RemoveAllAsync(change, Identity.Securable.Experiment(Id), cancellationToken);
        change.Record(JsonSerializer.Serialize(new ExperimentState(Id, experiment.Name, experiment.ArtifactLocation, "deleted"), TrackingJson.Default.ExperimentState), null);
        return true;
    }
}
