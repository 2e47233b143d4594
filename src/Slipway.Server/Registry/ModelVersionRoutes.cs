using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>The endpoints of model versions, but for their search.</summary>
internal static class ModelVersionRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine, ModelSources sources)
    {
        var routes = mlflow.AndPreview();
        MapReads(routes, spine);
        routes.Post("model-versions/create", Permission.Edit, async (CreateModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.Changes.MakeAsync(caller.Actor, await sources.ResolveAsync(CreateModelVersion.Decode(wire), cancellationToken), cancellationToken)));
        routes.Patch("model-versions/update", Permission.Edit, async (UpdateModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.Changes.MakeAsync(caller.Actor, UpdateModelVersion.Decode(wire), cancellationToken)));
        routes.Post("model-versions/transition-stage", Permission.Promote, async (TransitionStageRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.Changes.MakeAsync(caller.Actor, TransitionStage.Decode(wire), cancellationToken)));
        routes.Delete("model-versions/delete", Permission.Manage, (ModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteModelVersion.Decode(wire), cancellationToken));
        routes.Post("model-versions/set-tag", Permission.Edit, (SetModelVersionTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetModelVersionTag.Decode(wire), cancellationToken));
        routes.Delete("model-versions/delete-tag", Permission.Manage, (DeleteModelVersionTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetModelVersionTag.Decode(wire), cancellationToken));
    }

    private static void MapReads(WireRoutes routes, Spine spine)
    {
        routes.Get("model-versions/get", Permission.Read, (ModelVersionRequest wire, Caller _, CancellationToken cancellationToken) =>
            ReadAsync(spine, wire, async (reader, version) => Response(await ModelVersions.LoadAsync(reader, version, cancellationToken)), cancellationToken));
        routes.Get("model-versions/get-download-uri", Permission.Read, (ModelVersionRequest wire, Caller _, CancellationToken cancellationToken) =>
            ReadAsync(spine, wire, (_, version) => Task.FromResult(new DownloadUriResponse(version.DownloadUri)), cancellationToken));
    }

    private static Task<T> ReadAsync<T>(Spine spine, ModelVersionRequest wire, Func<Reader, ModelVersionRow, Task<T>> answer, CancellationToken cancellationToken)
    {
        var (name, version) = (Require.Text(wire.Name, "name"), ModelName.Version(wire.Version));
        return spine.Database.ReadAsync(async reader => await answer(reader, await ModelVersions.GetAsync(reader, name, version, cancellationToken)), cancellationToken);
    }

    private static ModelVersionResponse Response(ModelVersionRow row) => new(row.ToWire());
}
