using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Deletes an experiment with all its runs, softly, or restores them all.</summary>
internal sealed record DeleteExperiment(long Id, bool Deleted) : ChangeRequest<bool>
{
    public override string Action => Deleted ? "experiment.delete" : "experiment.restore";

    public override string Resource => $"experiments/{Id}";

    public static DeleteExperiment Decode(ExperimentLifecycleRequest wire, bool deleted) => new(Require.ExperimentId(wire.ExperimentId), deleted);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var experiment = await Experiments.FindAsync(change, Id, cancellationToken);
        if (experiment is null || (experiment.DeletedAt is not null) == Deleted)
        {
            throw Fault.NotFound($"No {(Deleted ? "active" : "deleted")} Experiment with id={Id} exists");
        }

        await Experiments.SetDeletedAsync(change, Id, Deleted, cancellationToken);
        await Runs.SetAllDeletedAsync(change, Id, Deleted, cancellationToken);
        change.Record(State(experiment, !Deleted), State(experiment, Deleted));
        return true;
    }

    private static string State(ExperimentRow row, bool deleted) =>
        JsonSerializer.Serialize(new ExperimentState(row.Id, row.Name, row.ArtifactLocation, deleted ? "deleted" : "active"), TrackingJson.Default.ExperimentState);
}
