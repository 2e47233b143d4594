using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The endpoints of experiments, but for their searches.</summary>
internal static class ExperimentRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine, Func<string, string> checkLocation)
    {
        var routes = mlflow.AndPreview();
        routes.Post("experiments/create", Permission.Known, async (CreateExperimentRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var id = await spine.Changes.MakeAsync(caller.Actor, CreateExperiment.Decode(wire, checkLocation), cancellationToken);
            return new CreateExperimentResponse(id.ToString(CultureInfo.InvariantCulture));
        });
        routes.Get("experiments/get", Permission.Read, (GetExperimentRequest wire, Caller _, CancellationToken cancellationToken) =>
        {
            var id = Require.ExperimentId(wire.ExperimentId);
            return ReadAsync(spine, reader => Experiments.GetAsync(reader, id, cancellationToken), cancellationToken);
        });
        mlflow.Get("experiments/get-by-name", Permission.Read, (GetExperimentByNameRequest wire, Caller _, CancellationToken cancellationToken) =>
        {
            var name = Require.Text(wire.ExperimentName, "experiment_name");
            return ReadAsync(spine, async reader => await Experiments.FindByNameAsync(reader, name, cancellationToken) ?? throw Fault.NotFound($"Could not find experiment with name '{name}'"), cancellationToken);
        });
        routes.Post("experiments/delete", Permission.Manage, (ExperimentLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteExperiment.Decode(wire, deleted: true), cancellationToken));
        routes.Post("experiments/restore", Permission.Manage, (ExperimentLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteExperiment.Decode(wire, deleted: false), cancellationToken));
        routes.Post("experiments/update", Permission.Edit, (UpdateExperimentRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, RenameExperiment.Decode(wire), cancellationToken));
        routes.Post("experiments/set-experiment-tag", Permission.Edit, (SetExperimentTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetExperimentTag.Decode(wire), cancellationToken));
        mlflow.Post("experiments/delete-experiment-tag", Permission.Edit, (DeleteExperimentTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetExperimentTag.Decode(wire), cancellationToken));
    }

    private static async Task<ExperimentResponse> ReadAsync(Spine spine, Func<Reader, Task<ExperimentRow>> find, CancellationToken cancellationToken) =>
        await spine.Database.ReadAsync(async reader =>
        {
            var row = await find(reader);
            return new ExperimentResponse((await Experiments.LoadAsync(reader, [row.Id], cancellationToken))[0].ToWire());
        }, cancellationToken);
}
