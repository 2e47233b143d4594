using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The search over experiments, and the list that 1.26 clients use in its place.</summary>
internal static class ExperimentSearchRoutes
{
    private const int ListLimit = 50_000;

    public static void Map(WireRoutes mlflow, Database database)
    {
        mlflow.Post("experiments/search", Permission.Known, (SearchExperimentsRequest wire, Caller _, CancellationToken cancellationToken) => SearchAsync(database, wire, cancellationToken));
        mlflow.Get("experiments/search", Permission.Known, (SearchExperimentsRequest wire, Caller _, CancellationToken cancellationToken) => SearchAsync(database, wire, cancellationToken));
        mlflow.AndPreview().Get("experiments/list", Permission.Known, (ListExperimentsRequest wire, Caller _, CancellationToken cancellationToken) =>
            FindAsync(database, new ExperimentQuery(null, ["experiment_id ASC"], wire.ViewType ?? ViewType.ActiveOnly, wire.MaxResults ?? ListLimit, wire.PageToken), cancellationToken));
    }

    private static Task<ExperimentsResponse> SearchAsync(Database database, SearchExperimentsRequest wire, CancellationToken cancellationToken) =>
        FindAsync(database, new ExperimentQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.ViewType ?? ViewType.ActiveOnly, wire.MaxResults, wire.PageToken), cancellationToken);

    private static Task<ExperimentsResponse> FindAsync(Database database, ExperimentQuery query, CancellationToken cancellationToken) => database.ReadAsync(async reader =>
    {
        var page = await ExperimentSearch.FindAsync(reader, query, cancellationToken);
        var rows = await Experiments.LoadAsync(reader, page.Ids, cancellationToken);
        return new ExperimentsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);
}
