using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The endpoints of runs and metrics, but for their searches.</summary>
internal static class RunRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine)
    {
        MapRuns(mlflow.AndPreview(), spine);
        MapLogging(mlflow.AndPreview(), mlflow, spine);
    }

    /// <summary>Maps the reading of histories, of which one endpoint is for the browser alone.</summary>
    public static void MapHistory(WireRoutes mlflow, WireRoutes browser, MetricHistory history)
    {
        mlflow.AndPreview().Get("metrics/get-history", Permission.Read, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (GetMetricHistoryRequest wire, Caller caller, CancellationToken cancellationToken) => history.GetAsync(caller, wire, cancellationToken));
        mlflow.Get("metrics/get-history-bulk-interval", Permission.Read, wire => Target.Runs(wire.RunIds ?? []), (GetMetricHistoryIntervalRequest wire, Caller caller, CancellationToken cancellationToken) => history.GetIntervalAsync(caller, wire, cancellationToken));
        browser.Get("metrics/get-history-bulk", Permission.Read, wire => Target.Runs(wire.RunId ?? []), (GetMetricHistoryBulkRequest wire, Caller caller, CancellationToken cancellationToken) => history.GetBulkAsync(caller, wire, cancellationToken));
    }

    private static void MapRuns(WireRoutes routes, Spine spine)
    {
        routes.Post("runs/create", Permission.Edit, wire => Target.Experiment(CreateRun.ExperimentOf(wire)), async (CreateRunRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = CreateRun.Decode(wire);
            var row = await spine.WriteAsync(caller, CreateRunKind.Kind, request, cancellationToken);
            return new RunResponse(new Run(row.ToWire(), new RunData(null, null, Pair.ToWire(request.Tags)), new RunInputs(null, null), null));
        });
        routes.Get("runs/get", Permission.Read, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (GetRunRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RunContents.GetAsync(spine, caller, Require.RunId(wire.RunId, wire.RunUuid), cancellationToken));
        routes.Post("runs/update", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), async (UpdateRunRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var run = await spine.WriteAsync(caller, UpdateRun.Decode(wire).WriteAsync, cancellationToken);
            await spine.Manifests.LookAtEndAsync(run, cancellationToken);
            return new UpdateRunResponse(run.ToWire());
        });
        routes.Post("runs/delete", Permission.Manage, wire => Target.Run(Require.RunId(wire.RunId)), (RunLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteRun.Decode(wire, deleted: true), cancellationToken));
        routes.Post("runs/restore", Permission.Manage, wire => Target.Run(Require.RunId(wire.RunId)), (RunLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteRun.Decode(wire, deleted: false), cancellationToken));
    }

    private static void MapLogging(WireRoutes routes, WireRoutes newer, Spine spine)
    {
        routes.Post("runs/log-metric", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (LogMetricRequest wire, Caller caller, CancellationToken cancellationToken) => LogAsync(spine, caller, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/log-parameter", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (LogParamRequest wire, Caller caller, CancellationToken cancellationToken) => LogAsync(spine, caller, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/set-tag", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (SetRunTagRequest wire, Caller caller, CancellationToken cancellationToken) => LogAsync(spine, caller, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/log-batch", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId)), (LogBatchRequest wire, Caller caller, CancellationToken cancellationToken) => LogAsync(spine, caller, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/delete-tag", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId)), (DeleteRunTagRequest wire, Caller caller, CancellationToken cancellationToken) => WriteAsync(spine, caller, DeleteRunTag.Decode(wire).WriteAsync, cancellationToken));
        routes.Post("runs/log-model", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId)), (LogModelRequest wire, Caller caller, CancellationToken cancellationToken) => WriteAsync(spine, caller, LogModel.Decode(wire).WriteAsync, cancellationToken));
        newer.Post("runs/log-inputs", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId)), (LogInputsRequest wire, Caller caller, CancellationToken cancellationToken) => WriteAsync(spine, caller, LogInputs.Decode(wire).WriteAsync, cancellationToken));
        newer.Post("runs/outputs", Permission.Edit, wire => Target.Run(Require.RunId(wire.RunId)), (LogOutputsRequest wire, Caller caller, CancellationToken cancellationToken) => WriteAsync(spine, caller, LogOutputs.Decode(wire).WriteAsync, cancellationToken));
    }

    private static async Task<EmptyResponse> LogAsync(Spine spine, Caller caller, LogData data, CancellationToken cancellationToken)
    {
        await spine.WriteAsync(caller, LogDataKind.Kind, data, cancellationToken);
        return EmptyResponse.Value;
    }

    private static async Task<EmptyResponse> WriteAsync(Spine spine, Caller caller, Func<Writer, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        await spine.WriteAsync(caller, write, cancellationToken);
        return EmptyResponse.Value;
    }
}
