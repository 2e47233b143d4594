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
    /// <param name="readStage">Reads the stages of a model.</param>
    /// <param name="observe">Looks at a version's files before an alias is pointed to it, where a rule will ask for them.</param>
    public static void Map(WireRoutes mlflow, Spine spine, StageReading readStage, FileObservation observe)
    {
        MapModels(mlflow.AndPreview(), spine, readStage);
        MapAliases(mlflow, spine, observe);
    }

    private static void MapModels(WireRoutes routes, Spine spine, StageReading readStage)
    {
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
        routes.Post("registered-models/get-latest-versions", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (GetLatestVersionsRequest wire, Caller caller, CancellationToken cancellationToken) => LatestAsync((spine, readStage), caller, wire, cancellationToken));
        routes.Get("registered-models/get-latest-versions", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (GetLatestVersionsRequest wire, Caller caller, CancellationToken cancellationToken) => LatestAsync((spine, readStage), caller, wire, cancellationToken));
    }

    private static void MapAliases(WireRoutes mlflow, Spine spine, FileObservation observe)
    {
        mlflow.Post("registered-models/alias", Permission.Edit, wire => Target.Model(Require.Text(wire.Name, "name")), async (SetAliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = SetAlias.Decode(wire);
            return await spine.DoneAsync(caller, request with { Observed = await observe(request.Name, request.Version, cancellationToken) }, cancellationToken);
        });
        mlflow.Delete("registered-models/alias", Permission.Manage, wire => Target.Model(Require.Text(wire.Name, "name")), (AliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, DeleteAlias.Decode(wire), cancellationToken));
        mlflow.Get("registered-models/alias", Permission.Read, wire => Target.Model(Require.Text(wire.Name, "name")), (AliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var (name, alias) = (Require.Text(wire.Name, "name"), AliasName.Check(wire.Alias));
            return spine.ReadAsync(caller, async reader =>
            {
                var model = await RegisteredModels.GetAsync(reader, name, cancellationToken);
                var version = await FindAsync(reader, model, alias, cancellationToken);
                return new ModelVersionResponse((await ModelVersions.LoadAsync(reader, version, cancellationToken)).ToWire());
            }, cancellationToken);
        });
    }

    private static async Task<ModelVersionRow> FindAsync(Reader reader, RegisteredModelRow model, string alias, CancellationToken cancellationToken)
    {
        if (alias.Equals(AliasName.Latest, StringComparison.OrdinalIgnoreCase))
        {
            return await ModelVersions.FindHighestAsync(reader, model.Id, cancellationToken) ?? throw Fault.NotFound($"Latest version not found for model {model.Name}.");
        }

        var id = await ModelAliases.FindVersionAsync(reader, model.Id, alias, cancellationToken) ?? throw Fault.Invalid($"Registered model alias {alias} not found.");
        return await ModelVersions.FindAsync(reader, id, cancellationToken) ?? throw Fault.Invalid($"Registered model alias {alias} not found.");
    }

    private static Task<ModelVersionsResponse> LatestAsync((Spine Spine, StageReading ReadStage) registry, Caller caller, GetLatestVersionsRequest wire, CancellationToken cancellationToken)
    {
        var name = Require.Text(wire.Name, "name");
        var named = Require.Texts(wire.Stages, "stages");
        return registry.Spine.ReadAsync(caller, async reader =>
        {
            var stages = new HashSet<string>();
            foreach (var text in named)
            {
                stages.Add(await registry.ReadStage(reader, name, text, cancellationToken));
            }

            var model = await RegisteredModels.GetAsync(reader, name, cancellationToken);
            var latest = stages.Count == 0
                ? await ModelVersions.LatestAsync(reader, [model.Id], cancellationToken)
                : await ModelVersions.LatestAsync(reader, model.Id, stages, cancellationToken);
            return new ModelVersionsResponse(latest.Count == 0 ? null : [.. latest.Select(version => version.ToWire())], null);
        }, cancellationToken);
    }

    private static RegisteredModelResponse Response(RegisteredModelRow row) => new(row.ToWire());
}
