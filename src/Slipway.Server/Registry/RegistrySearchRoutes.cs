using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>The searches over registered models and versions, and the list of models that 1.26 clients use.</summary>
internal static class RegistrySearchRoutes
{
    public static void Map(WireRoutes mlflow, Database database)
    {
        var routes = mlflow.AndPreview();
        routes.Get("registered-models/search", Permission.Known, (SearchRegisteredModelsRequest wire, Caller _, CancellationToken cancellationToken) =>
            FindModelsAsync(database, new RegistryQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.MaxResults, wire.PageToken), cancellationToken));
        routes.Get("registered-models/list", Permission.Known, (SearchRegisteredModelsRequest wire, Caller _, CancellationToken cancellationToken) =>
            FindModelsAsync(database, new RegistryQuery(null, null, wire.MaxResults, wire.PageToken), cancellationToken));
        routes.Get("model-versions/search", Permission.Known, (SearchModelVersionsRequest wire, Caller _, CancellationToken cancellationToken) =>
            FindVersionsAsync(database, new RegistryQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.MaxResults, wire.PageToken), cancellationToken));
    }

    private static Task<RegisteredModelsResponse> FindModelsAsync(Database database, RegistryQuery query, CancellationToken cancellationToken) => database.ReadAsync(async reader =>
    {
        var page = await RegisteredModelSearch.FindAsync(reader, query, cancellationToken);
        var rows = await RegisteredModels.LoadAsync(reader, page.Ids, cancellationToken);
        return new RegisteredModelsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);

    private static Task<ModelVersionsResponse> FindVersionsAsync(Database database, RegistryQuery query, CancellationToken cancellationToken) => database.ReadAsync(async reader =>
    {
        var page = await ModelVersionSearch.FindAsync(reader, query, cancellationToken);
        var rows = await ModelVersions.LoadAsync(reader, page.Ids, cancellationToken);
        return new ModelVersionsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);
}
