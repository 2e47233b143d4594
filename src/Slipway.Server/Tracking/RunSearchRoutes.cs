using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Search;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>The searches over runs and the datasets that they used.</summary>
internal static class RunSearchRoutes
{
    private const int ExperimentLimit = 20;

    public static void Map(WireRoutes mlflow, WireRoutes browser, Spine spine)
    {
        mlflow.AndPreview().Post("runs/search", Permission.Known, _ => Target.Server, (SearchRunsRequest wire, Caller caller, CancellationToken cancellationToken) => SearchAsync(spine, caller, wire, cancellationToken));
        browser.Post("experiments/search-datasets", Permission.Read, wire => Target.Experiments([.. (wire.ExperimentIds ?? []).Select(Require.ExperimentId)]), (SearchDatasetsRequest wire, Caller caller, CancellationToken cancellationToken) => SearchDatasetsAsync(spine, caller, wire, cancellationToken));
    }

    private static Task<SearchRunsResponse> SearchAsync(Spine spine, Caller caller, SearchRunsRequest wire, CancellationToken cancellationToken)
    {
        var query = new RunQuery(
            [.. (wire.ExperimentIds ?? []).Select(Require.ExperimentId)],
            wire.Filter,
            Require.Texts(wire.OrderBy, "order_by"),
            wire.RunViewType ?? ViewType.ActiveOnly,
            wire.MaxResults,
            wire.PageToken)
        {
            Readable = id => spine.Rights.Readable(caller, Securable.ExperimentKind, id),
        };
        return spine.ReadAsync(caller, async reader =>
        {
            var page = await RunSearch.FindAsync(reader, query, cancellationToken);
            var runs = await RunContents.LoadAsync(reader, page.Ids, cancellationToken);
            return new SearchRunsResponse(runs.Count == 0 ? null : runs, page.NextPageToken);
        }, cancellationToken);
    }

    private static async Task<SearchDatasetsResponse> SearchDatasetsAsync(Spine spine, Caller caller, SearchDatasetsRequest wire, CancellationToken cancellationToken)
    {
        var experiments = Require.Item(wire.ExperimentIds, "experiment_ids").Select(Require.ExperimentId).Distinct().ToList();
        if (experiments.Count is 0 or > ExperimentLimit)
        {
            throw Fault.Invalid($"'experiment_ids' must name 1 to {ExperimentLimit} experiments, not {experiments.Count}.");
        }

        var found = await spine.ReadAsync(caller, reader => InputDatasets.SummariesAsync(reader, experiments, cancellationToken), cancellationToken);
        var summaries = found.Select(dataset => new DatasetSummary(dataset.Experiment.ToString(CultureInfo.InvariantCulture), dataset.Name, dataset.Digest, dataset.Context)).ToList();
        return new SearchDatasetsResponse(summaries.Count == 0 ? null : summaries);
    }
}
