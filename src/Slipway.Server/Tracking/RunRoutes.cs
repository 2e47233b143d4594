using Slipway.Server.Checks;
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
        mlflow.AndPreview().Get("metrics/get-history", Permission.Read, (GetMetricHistoryRequest wire, Caller _, CancellationToken cancellationToken) => history.GetAsync(wire, cancellationToken));
        mlflow.Get("metrics/get-history-bulk-interval", Permission.Read, (GetMetricHistoryIntervalRequest wire, Caller _, CancellationToken cancellationToken) => history.GetIntervalAsync(wire, cancellationToken));
        browser.Get("metrics/get-history-bulk", Permission.Read, (GetMetricHistoryBulkRequest wire, Caller _, CancellationToken cancellationToken) => history.GetBulkAsync(wire, cancellationToken));
    }

    private static void MapRuns(WireRoutes routes, Spine spine)
    {
        routes.Post("runs/create", Permission.Edit, async (CreateRunRequest wire, Caller _, CancellationToken cancellationToken) =>
        {
            var request = CreateRun.Decode(wire);
            var row = await spine.Ingest.WriteAsync(CreateRunKind.Kind, request, cancellationToken);
            return new RunResponse(new Run(row.ToWire(), new RunData(null, null, Pair.ToWire(request.Tags)), new RunInputs(null, null), null));
        });
        routes.Get("runs/get", Permission.Read, (GetRunRequest wire, Caller _, CancellationToken cancellationToken) =>
        {
            var runId = Require.RunId(wire.RunId, wire.RunUuid);
            return spine.Database.ReadAsync(async reader =>
            {
                var row = await Runs.GetAsync(reader, runId, cancellationToken);
                return new RunResponse((await RunContents.LoadAsync(reader, [row.Id], cancellationToken)).ToWire(row));
            }, cancellationToken);
        });
        routes.Post("runs/update", Permission.Edit, async (UpdateRunRequest wire, Caller _, CancellationToken cancellationToken) =>
            new UpdateRunResponse((await spine.Ingest.WriteAsync(UpdateRun.Decode(wire).WriteAsync, cancellationToken)).ToWire()));
        routes.Post("runs/delete", Permission.Manage, (RunLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteRun.Decode(wire, deleted: true), cancellationToken));
        routes.Post("runs/restore", Permission.Manage, (RunLifecycleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteRun.Decode(wire, deleted: false), cancellationToken));
    }

    private static void MapLogging(WireRoutes routes, WireRoutes newer, Spine spine)
    {
        routes.Post("runs/log-metric", Permission.Edit, (LogMetricRequest wire, Caller _, CancellationToken cancellationToken) => LogAsync(spine, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/log-parameter", Permission.Edit, (LogParamRequest wire, Caller _, CancellationToken cancellationToken) => LogAsync(spine, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/set-tag", Permission.Edit, (SetRunTagRequest wire, Caller _, CancellationToken cancellationToken) => LogAsync(spine, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/log-batch", Permission.Edit, (LogBatchRequest wire, Caller _, CancellationToken cancellationToken) => LogAsync(spine, LogData.Decode(wire), cancellationToken));
        routes.Post("runs/delete-tag", Permission.Edit, (DeleteRunTagRequest wire, Caller _, CancellationToken cancellationToken) => WriteAsync(spine, DeleteRunTag.Decode(wire).WriteAsync, cancellationToken));
        routes.Post("runs/log-model", Permission.Edit, (LogModelRequest wire, Caller _, CancellationToken cancellationToken) => WriteAsync(spine, LogModel.Decode(wire).WriteAsync, cancellationToken));
        newer.Post("runs/log-inputs", Permission.Edit, (LogInputsRequest wire, Caller _, CancellationToken cancellationToken) => WriteAsync(spine, LogInputs.Decode(wire).WriteAsync, cancellationToken));
        newer.Post("runs/outputs", Permission.Edit, (LogOutputsRequest wire, Caller _, CancellationToken cancellationToken) => WriteAsync(spine, LogOutputs.Decode(wire).WriteAsync, cancellationToken));
    }

    private static async Task<EmptyResponse> LogAsync(Spine spine, LogData data, CancellationToken cancellationToken)
    {
        await spine.Ingest.WriteAsync(LogDataKind.Kind, data, cancellationToken);
        return EmptyResponse.Value;
    }

    private static async Task<EmptyResponse> WriteAsync(Spine spine, Func<Writer, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        await spine.Ingest.WriteAsync(write, cancellationToken);
        return EmptyResponse.Value;
    }
}
