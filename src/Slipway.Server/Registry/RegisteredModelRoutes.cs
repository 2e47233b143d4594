using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>The endpoints of registered models and aliases, but for their search.</summary>
internal static class RegisteredModelRoutes
{
    /// <param name="mlflow">Takes the endpoints.</param>
    /// <param name="spine">What every feature leans on.</param>
    /// <param name="askStages">Reads the stages of a model.</param>
    /// <param name="observe">Looks at a version's files before an alias is pointed to it, where a rule will ask for them.</param>
    public static void Map(WireRoutes mlflow, Spine spine, StageAsking askStages, FileObservation observe)
    {
        MapModels(mlflow.AndPreview(), spine, askStages);
        MapAliases(mlflow, spine, observe);
    }

    private static void MapModels(WireRoutes routes, Spine spine, StageAsking askStages)
    {
        var latest = new LatestVersions(spine, askStages);
        routes.Post("registered-models/create", Permission.Known, _ => Target.Server, async (CreateRegisteredModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.MakeAsync(caller, CreateRegisteredModel.Decode(wire), cancellationToken)));
        routes.Get("registered-models/get", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (RegisteredModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var name = Require.Text(wire.Name, "name");
            return spine.ReadAsync(caller, async reader =>
            {
                var model = await RegisteredModels.GetAsync(reader, name, cancellationToken);
                return Response((await RegisteredModels.LoadAsync(reader, [model.Id], cancellationToken))[0]);
            }, cancellationToken);
        });
        routes.Patch("registered-models/update", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (UpdateRegisteredModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.MakeAsync(caller, UpdateRegisteredModel.Decode(wire), cancellationToken)));
        routes.Post("registered-models/rename", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (RenameRegisteredModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
            Response(await spine.MakeAsync(caller, RenameRegisteredModel.Decode(wire), cancellationToken)));
        routes.Delete("registered-models/delete", Permission.Manage, wire => Target.Model(Require.Text(wire.Name, "name")), (RegisteredModelRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteRegisteredModel.Decode(wire), cancellationToken));
        routes.Post("registered-models/set-tag", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), (SetRegisteredModelTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetRegisteredModelTag.Decode(wire), cancellationToken));
        routes.Delete("registered-models/delete-tag", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), (DeleteRegisteredModelTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, SetRegisteredModelTag.Decode(wire), cancellationToken));
        routes.Post("registered-models/get-latest-versions", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (GetLatestVersionsRequest wire, Caller caller, CancellationToken cancellationToken) => latest.AnswerAsync(caller, wire, cancellationToken));
        routes.Get("registered-models/get-latest-versions", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (GetLatestVersionsRequest wire, Caller caller, CancellationToken cancellationToken) => latest.AnswerAsync(caller, wire, cancellationToken));
    }

    private static void MapAliases(WireRoutes mlflow, Spine spine, FileObservation observe)
    {
        mlflow.Post("registered-models/alias", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (SetAliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = SetAlias.Decode(wire);
            return await spine.DoneAsync(caller, request with { Observed = await observe(caller, request.Name, request.Version, cancellationToken) }, cancellationToken);
        });
        mlflow.Delete("registered-models/alias", Permission.Manage, wire => Target.Model(Require.Text(wire.Name, "name")), (AliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteAlias.Decode(wire), cancellationToken));
        mlflow.Get("registered-models/alias", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (AliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
            FindAsync(spine, caller, wire, cancellationToken));
    }

    private static async Task<ModelVersionResponse> FindAsync(Spine spine, Caller caller, AliasRequest wire, CancellationToken cancellationToken)
    {
        var (name, alias) = (Require.Text(wire.Name, "name"), AliasName.Check(wire.Alias));
        var isLatest = alias.Equals(AliasName.Latest, StringComparison.OrdinalIgnoreCase);
        var chosen = isLatest ? ModelVersions.Highest(name) : ModelVersions.WithAlias(name, alias);
        var (isThere, found) = (false, new FoundVersions());
        await spine.ReadAsync(caller, [RegisteredModels.Named(name, _ => isThere = true), .. ModelVersions.One(chosen, found)], cancellationToken);
        return found.ToList() switch
        {
            [var version] => new ModelVersionResponse(version.ToWire()),
            _ when !isThere => throw RegisteredModels.Unknown(name),
            _ when isLatest => throw Fault.NotFound($"Latest version not found for model {name}."),
            _ => throw Fault.Invalid($"Registered model alias {alias} not found."),
        };
    }

    private static RegisteredModelResponse Response(RegisteredModelRow row) => new(row.ToWire());
}
