using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Gives an experiment another name.</summary>
internal sealed record RenameExperiment(long Id, string NewName) : ChangeRequest<bool>
{
    public override string Action => "experiment.rename";

    public override string Resource => $"experiments/{Id}";

    public static RenameExperiment Decode(UpdateExperimentRequest wire) =>
        new(Require.ExperimentId(wire.ExperimentId), CreateExperiment.CheckName(wire.NewName, "new_name"));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var experiment = await Experiments.GetAsync(change, Id, cancellationToken);
        if (experiment.DeletedAt is not null)
        {
            throw Fault.Invalid($"The experiment {Id} must be in the 'active' state to be renamed. Restore it first.");
        }

        if (await Experiments.FindByNameAsync(change, NewName, cancellationToken) is { } taken && taken.Id != Id)
        {
            throw Fault.AlreadyExists($"Experiment(name={NewName}) already exists.");
        }

        await Experiments.RenameAsync(change, Id, NewName, cancellationToken);
        change.Record(State(experiment), State(experiment with { Name = NewName }));
        return true;
    }

    private static string State(ExperimentRow row) =>
        JsonSerializer.Serialize(new ExperimentState(row.Id, row.Name, row.ArtifactLocation, Lifecycle.Of(row.DeletedAt)), TrackingJson.Default.ExperimentState);
}
