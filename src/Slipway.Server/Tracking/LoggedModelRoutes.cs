using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The endpoints of logged models, but for their search and their files.</summary>
internal static class LoggedModelRoutes
{
    private const string One = "logged-models/{model_id}";

    public static void Map(WireRoutes mlflow, Spine spine)
    {
        mlflow.Post("logged-models", Permission.Edit, wire => Target.Experiment(Require.ExperimentId(wire.ExperimentId)), async (CreateLoggedModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = CreateLoggedModel.Decode(wire);
            return new LoggedModelResponse((await spine.WriteAsync(caller, (writer, token) => request.WriteAsync(writer, spine.Now, token), cancellationToken)).ToWire());
        });
        mlflow.Map<GetLoggedModelRequest, LoggedModelResponse>("GET", One, Permission.Read, (path, _) => Target.LoggedModel(path.First), (path, wire, caller, cancellationToken) => spine.ReadAsync(caller, async reader =>
        {
            var row = await LoggedModels.FindAsync(reader, path.First, cancellationToken);
            return row is not null && (row.DeletedAt is null || wire.AllowDeleted == true)
                ? new LoggedModelResponse((await LoggedModels.LoadAsync(reader, row, cancellationToken)).ToWire())
                : throw LoggedModels.Unknown(path.First);
        }, cancellationToken));
        mlflow.Map<FinalizeLoggedModelRequest, LoggedModelResponse>("PATCH", One, Permission.Edit, (path, _) => Target.LoggedModel(path.First), async (path, wire, caller, cancellationToken) =>
        {
            var status = Require.Value(wire.Status, "status");
            return new LoggedModelResponse((await spine.WriteAsync(caller, (writer, token) => UpdateLoggedModel.SetStatusAsync(writer, path.First, (status, spine.Now), token), cancellationToken)).ToWire());
        });
        mlflow.Map<EmptyResponse, EmptyResponse>("DELETE", One, Permission.Manage, (path, _) => Target.LoggedModel(path.First), async (path, _, caller, cancellationToken) =>
        {
            await spine.MakeAsync(caller, new DeleteLoggedModel(path.First), cancellationToken);
            return EmptyResponse.Value;
        });
        MapContents(mlflow, spine);
    }

    private static void MapContents(WireRoutes mlflow, Spine spine)
    {
        mlflow.Map<LogLoggedModelParamsRequest, EmptyResponse>("POST", One + "/params", Permission.Edit, (path, _) => Target.LoggedModel(path.First), async (path, wire, caller, cancellationToken) =>
        {
            var added = CreateLoggedModel.DecodePairs(wire.Params, "params", LogData.ParamValueLimit);
            await spine.WriteAsync(caller, (writer, token) => UpdateLoggedModel.LogParamsAsync(writer, path.First, added, token), cancellationToken);
            return EmptyResponse.Value;
        });
        mlflow.Map<SetLoggedModelTagsRequest, EmptyResponse>("PATCH", One + "/tags", Permission.Edit, (path, _) => Target.LoggedModel(path.First), async (path, wire, caller, cancellationToken) =>
        {
            var tags = CreateLoggedModel.DecodePairs(wire.Tags, "tags", LogData.TagValueLimit);
            await spine.WriteAsync(caller, (writer, token) => UpdateLoggedModel.SetTagsAsync(writer, path.First, tags, token), cancellationToken);
            return EmptyResponse.Value;
        });
        mlflow.Map<EmptyResponse, EmptyResponse>("DELETE", One + "/tags/{tag_key*}", Permission.Manage, (path, _) => Target.LoggedModel(path.First), async (path, _, caller, cancellationToken) =>
        {
            await spine.WriteAsync(caller, (writer, token) => UpdateLoggedModel.DeleteTagAsync(writer, path.First, path.Second, token), cancellationToken);
            return EmptyResponse.Value;
        });
    }
}
