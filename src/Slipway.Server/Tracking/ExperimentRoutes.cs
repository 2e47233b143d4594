using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The endpoints of experiments, but for their searches.</summary>
internal static class ExperimentRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine)
    {
        var routes = mlflow.AndPreview();
        routes.Post("experiments/create", Permission.Known, _ => Target.Server, async (CreateExperimentRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var id = await spine.MakeAsync(caller, CreateExperiment.Decode(wire, spine.Places), cancellationToken);
            return new CreateExperimentResponse(id.ToString(CultureInfo.InvariantCulture));
        });
        routes.Get("experiments/get", Permission.Read, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (GetExperimentRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var id = Require.ExperimentId(wire.ExperimentId);
            return FindAsync(spine, caller, Sql.Of($"({id})"), () => Experiments.Unknown(id), cancellationToken);
        });
        mlflow.Get("experiments/get-by-name", Permission.Read, wire => Target.ExperimentNamed(Require.Text(wire.ExperimentName, "experiment_name")), (GetExperimentByNameRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var name = Require.Text(wire.ExperimentName, "experiment_name");
            return FindAsync(spine, caller, Experiments.ListOf(name), () => Fault.NotFound($"Could not find experiment with name '{name}'"), cancellationToken);
        });
        routes.Post("experiments/delete", Permission.Manage, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (ExperimentLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteExperiment.Decode(wire, deleted: true), cancellationToken));
        routes.Post("experiments/restore", Permission.Manage, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (ExperimentLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteExperiment.Decode(wire, deleted: false), cancellationToken));
        routes.Post("experiments/update", Permission.Edit, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (UpdateExperimentRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, RenameExperiment.Decode(wire), cancellationToken));
        routes.Post("experiments/set-experiment-tag", Permission.Edit, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (SetExperimentTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetExperimentTag.Decode(wire), cancellationToken));
        mlflow.Post("experiments/delete-experiment-tag", Permission.Edit, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), (DeleteExperimentTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetExperimentTag.Decode(wire), cancellationToken));
    }

    private static async Task<ExperimentResponse> FindAsync(Spine spine, Caller caller, Sql ids, Func<Fault> unknown, CancellationToken cancellationToken)
    {
        var (rows, tags) = (new List<ExperimentRow>(), new List<Pair>());
        await spine.ReadAsync(caller, [Experiments.Each(ids, rows.Add), ExperimentTags.Each(ids, (_, tag) => tags.Add(tag))], cancellationToken);
        return rows is [var row] ? new ExperimentResponse((row with { Tags = tags }).ToWire()) : throw unknown();
    }
}
