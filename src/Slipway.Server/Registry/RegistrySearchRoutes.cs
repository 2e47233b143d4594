using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>The searches over registered models and versions, and the list of models that 1.26 clients use.</summary>
internal static class RegistrySearchRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine)
    {
        var routes = mlflow.AndPreview();
        routes.Get("registered-models/search", Permission.Known, _ => Target.Server, (SearchRegisteredModelsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            FindModelsAsync(spine, caller, new RegistryQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.MaxResults, wire.PageToken), cancellationToken));
        routes.Get("registered-models/list", Permission.Known, _ => Target.Server, (SearchRegisteredModelsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            FindModelsAsync(spine, caller, new RegistryQuery(null, null, wire.MaxResults, wire.PageToken), cancellationToken));
        routes.Get("model-versions/search", Permission.Known, _ => Target.Server, (SearchModelVersionsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            FindVersionsAsync(spine, caller, new RegistryQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.MaxResults, wire.PageToken), cancellationToken));
    }

    private static Task<RegisteredModelsResponse> FindModelsAsync(Spine spine, Caller caller, RegistryQuery query, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var page = await RegisteredModelSearch.FindAsync(reader, query with { Readable = id => spine.Rights.Readable(caller, Securable.ModelKind, id) }, cancellationToken);
        var rows = await RegisteredModels.LoadAsync(reader, page.Ids, cancellationToken);
        return new RegisteredModelsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);

    private static Task<ModelVersionsResponse> FindVersionsAsync(Spine spine, Caller caller, RegistryQuery query, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var page = await ModelVersionSearch.FindAsync(reader, query with { Readable = id => spine.Rights.Readable(caller, Securable.ModelKind, id) }, cancellationToken);
        var rows = await ModelVersions.LoadAsync(reader, page.Ids, cancellationToken);
        return new ModelVersionsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);
}
