using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The search over experiments, and the list that 1.26 clients use in its place.</summary>
internal static class ExperimentSearchRoutes
{
    private const int ListLimit = 50_000;

    public static void Map(WireRoutes mlflow, Spine spine)
    {
        mlflow.Post("experiments/search", Permission.Known, _ => Target.Server, (SearchExperimentsRequest wire, Caller caller, CancellationToken cancellationToken) => SearchAsync(spine, caller, wire, cancellationToken));
        mlflow.Get("experiments/search", Permission.Known, _ => Target.Server, (SearchExperimentsRequest wire, Caller caller, CancellationToken cancellationToken) => SearchAsync(spine, caller, wire, cancellationToken));
        mlflow.AndPreview().Get("experiments/list", Permission.Known, _ => Target.Server, (ListExperimentsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            FindAsync(spine, caller, new ExperimentQuery(null, ["experiment_id ASC"], wire.ViewType ?? ViewType.ActiveOnly, wire.MaxResults ?? ListLimit, wire.PageToken), cancellationToken));
    }

    private static Task<ExperimentsResponse> SearchAsync(Spine spine, Caller caller, SearchExperimentsRequest wire, CancellationToken cancellationToken) =>
        FindAsync(spine, caller, new ExperimentQuery(wire.Filter, Require.Texts(wire.OrderBy, "order_by"), wire.ViewType ?? ViewType.ActiveOnly, wire.MaxResults, wire.PageToken), cancellationToken);

    private static Task<ExperimentsResponse> FindAsync(Spine spine, Caller caller, ExperimentQuery query, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var page = await ExperimentSearch.FindAsync(reader, query with { Readable = id => spine.Rights.Readable(caller, Securable.ExperimentKind, id) }, cancellationToken);
        var rows = await Experiments.LoadAsync(reader, page.Ids, cancellationToken);
        return new ExperimentsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
    }, cancellationToken);
}
