using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>The endpoints of model versions, but for their search.</summary>
internal static class ModelVersionRoutes
{
    /// <param name="mlflow">Takes the endpoints.</param>
    /// <param name="spine">What every feature leans on.</param>
    /// <param name="sources">Finds a version's files before it is registered.</param>
    /// <param name="moving">Looks at a version's files before it is moved, where a rule will ask for them; and moves it.</param>
    public static void Map(WireRoutes mlflow, Spine spine, ModelSources sources, (FileObservation Observe, StageMove Move) moving)
    {
        var routes = mlflow.AndPreview();
        MapReads(routes, spine);
        routes.Post("model-versions/create", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (CreateModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.MakeAsync(caller, await sources.ResolveAsync(caller, CreateModelVersion.Decode(wire), cancellationToken), cancellationToken)));
        routes.Patch("model-versions/update", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (UpdateModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.MakeAsync(caller, UpdateModelVersion.Decode(wire), cancellationToken)));
        routes.Post("model-versions/transition-stage", Permission.Promote, wire => Target.Model(Require.Text(wire.Name, "name")), async (TransitionStageRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = TransitionStage.Decode(wire);
            return Response(await moving.Move(caller, request with { Observed = await moving.Observe(caller, request.Name, request.Version, cancellationToken) }, cancellationToken));
        });
        routes.Delete("model-versions/delete", Permission.Manage, wire => Target.Model(Require.Text(wire.Name, "name")), (ModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteModelVersion.Decode(wire), cancellationToken));
        routes.Post("model-versions/set-tag", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), (SetModelVersionTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetModelVersionTag.Decode(wire), cancellationToken));
        routes.Delete("model-versions/delete-tag", Permission.Manage, wire => Target.Model(Require.Text(wire.Name, "name")), (DeleteModelVersionTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetModelVersionTag.Decode(wire), cancellationToken));
    }

    private static void MapReads(WireRoutes routes, Spine spine)
    {
        routes.Get("model-versions/get", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), async (ModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await GetAsync(spine, caller, wire, cancellationToken)));
        routes.Get("model-versions/get-download-uri", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), async (ModelVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            new DownloadUriResponse((await GetAsync(spine, caller, wire, cancellationToken)).DownloadUri));
    }

    private static async Task<ModelVersionRow> GetAsync(Spine spine, Caller caller, ModelVersionRequest wire, CancellationToken cancellationToken)
    {
        var (name, version, found) = (Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), new FoundVersions());
        await spine.ReadAsync(caller, ModelVersions.One(ModelVersions.Numbered(name, version), found), cancellationToken);
        return found.ToList() is [var row] ? row : throw ModelVersions.Unknown(name, version);
    }

    private static ModelVersionResponse Response(ModelVersionRow row) => new(row.ToWire());
}
