using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The search over logged models.</summary>
internal static class LoggedModelSearchRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine) =>
        mlflow.Post("logged-models/search", Permission.Known, _ => Target.Server, (SearchLoggedModelsRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var query = Decode(wire) with { Readable = id => spine.Rights.Readable(caller, Securable.ExperimentKind, id) };
            return spine.ReadAsync(caller, async reader =>
            {
                var page = await LoggedModelSearch.FindAsync(reader, query, cancellationToken);
                var rows = await LoggedModels.LoadAsync(reader, page.Ids, cancellationToken);
                return new SearchLoggedModelsResponse(rows.Count == 0 ? null : [.. rows.Select(row => row.ToWire())], page.NextPageToken);
            }, cancellationToken);
        });

    private static LoggedModelQuery Decode(SearchLoggedModelsRequest wire) => new(
        [.. Require.Item(wire.ExperimentIds, "experiment_ids").Select(Require.ExperimentId)],
        wire.Filter,
        [.. (wire.Datasets ?? []).Select((dataset, index) => new DatasetName(Require.Text(dataset?.DatasetName, $"datasets[{index}].dataset_name"), dataset!.DatasetDigest))],
        [.. (wire.OrderBy ?? []).Select((order, index) =>
            new LoggedModelOrderItem(Require.Text(order?.FieldName, $"order_by[{index}].field_name"), order!.Ascending ?? true, order.DatasetName, order.DatasetDigest))],
        wire.MaxResults,
        wire.PageToken);
}
