using Slipway.Server.Datasets;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>What depends on a version of a dataset, when it is recalled.</summary>
internal static class RecallView
{
    /// <summary>The resources of all model versions that depend on it, by name and number.</summary>
    public static async Task<IReadOnlyList<string>> DependentsAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        [.. (await VersionsAsync(reader, version, cancellationToken)).Select(row => $"models/{row.Name}/versions/{RegistryEvents.Digits(row.Version)}")];

    public static async Task<DatasetRecall> OfAsync(Reader reader, (Rights Rights, Principal Who) viewer, DatasetVersionRow version, CancellationToken cancellationToken)
    {
        var nodes = (await VersionsAsync(reader, version.Id, cancellationToken)).ConvertAll(row => new LineageNode(NodeKind.ModelVersion, row.Id));
        var view = await LineageView.OfAsync(reader, viewer, nodes, cancellationToken);
        var shown = nodes.Select(view.Find).OfType<Slipway.Wire.Lineage.LineageNode>().ToList();
        return new DatasetRecall(version.Reference, version.RecalledAt is not null, shown) { Reason = version.RecallReason, Hidden = nodes.Count - shown.Count };
    }

    private static async Task<List<ModelVersionRow>> VersionsAsync(Reader reader, long version, CancellationToken cancellationToken)
    {
        var graph = await LineageGraph.DownAsync(reader, new LineageNode(NodeKind.DatasetVersion, version), cancellationToken);
        var rows = await ModelVersions.LoadAsync(reader, graph.Ids(NodeKind.ModelVersion), cancellationToken);
        return [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Version)];
    }
}
