using System.Globalization;
using Slipway.Server.Datasets;
using Slipway.Server.Delivery;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;
using Records = Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>The nodes of a graph as a caller may see them.</summary>
internal sealed class LineageView
{
    private readonly Dictionary<LineageNode, Records.LineageNode> _shown = [];
    private readonly Dictionary<Securable, bool> _readable = [];

    public Records.LineageNode? Find(LineageNode node) => _shown.GetValueOrDefault(node);

    public static async Task<LineageView> OfAsync(Reader reader, (Rights Rights, Principal Who) viewer, IEnumerable<LineageNode> nodes, CancellationToken cancellationToken)
    {
        var view = new LineageView();
        foreach (var kind in nodes.GroupBy(node => node.Kind))
        {
            foreach (var some in kind.Select(node => node.Id).Chunk(512))
            {
                foreach (var (id, on, shown) in await LoadAsync(reader, kind.Key, some, cancellationToken))
                {
                    if (await view.MayReadAsync(reader, viewer, on, cancellationToken))
                    {
                        view._shown[new LineageNode(kind.Key, id)] = shown;
                    }
                }
            }
        }

        return view;
    }

    public Records.LineageResponse ToWire(LineageGraph graph, LineageNode start) => new(
        _shown[start].Id,
        [.. _shown.Values.OrderBy(node => node.Kind, StringComparer.Ordinal).ThenBy(node => node.Id, StringComparer.Ordinal)],
        [.. graph.Edges.Where(edge => _shown.ContainsKey(edge.From) && _shown.ContainsKey(edge.To)).Select(ToWire)
            .OrderBy(edge => edge.From, StringComparer.Ordinal).ThenBy(edge => edge.To, StringComparer.Ordinal).ThenBy(edge => edge.How, StringComparer.Ordinal)])
    {
        Hidden = graph.Nodes.Count - _shown.Count,
        Truncated = graph.IsCut,
    };

    private Records.LineageEdge ToWire(LineageEdge edge) => new(_shown[edge.From].Id, _shown[edge.To].Id, edge.How) { Contradictory = edge.IsContradictory ? true : null };

    private static async Task<IReadOnlyList<(long Id, Securable On, Records.LineageNode Shown)>> LoadAsync(Reader reader, NodeKind kind, long[] ids, CancellationToken cancellationToken) => kind switch
    {
        NodeKind.DatasetVersion => (await DatasetVersions.LoadAsync(reader, ids, cancellationToken)).ConvertAll(row => (row.Id, Securable.Dataset(row.Dataset), new Records.LineageNode(row.Resource, "dataset_version")
        {
            RecallReason = row.RecallReason,
            Purged = row.PurgedAt is null ? null : true,
        })),
        NodeKind.Run => await RunsAsync(reader, ids, cancellationToken),
        NodeKind.LoggedModel => (await LoggedModels.LoadAsync(reader, ids, cancellationToken)).ConvertAll(row => (row.Id, Securable.Experiment(row.Experiment), new Records.LineageNode($"logged-models/{row.ModelId}", "logged_model")
        {
            Name = row.Name,
            Deleted = row.DeletedAt is null ? null : true,
        })),
        _ => await VersionsAsync(reader, ids, cancellationToken),
    };

    private static async Task<List<(long Id, Securable On, Records.LineageNode Shown)>> VersionsAsync(Reader reader, long[] ids, CancellationToken cancellationToken)
    {
        var served = await Deployments.ServedInAsync(reader, ids, cancellationToken);
        return (await ModelVersions.LoadAsync(reader, ids, cancellationToken)).ConvertAll(row => (row.Id, Securable.Model(row.Model), new Records.LineageNode(string.Create(CultureInfo.InvariantCulture, $"models/{row.Name}/versions/{row.Version}"), "model_version")
        {
            Stage = row.Stage,
            ServedIn = served.Contains(row.Id) ? [.. served[row.Id]] : null,
            Aliases = row.Aliases.Count == 0 ? null : row.Aliases,
        }));
    }

    private static async Task<List<(long Id, Securable On, Records.LineageNode Shown)>> RunsAsync(Reader reader, long[] ids, CancellationToken cancellationToken)
    {
        var runs = new List<(long, Securable, Records.LineageNode)>();
        await reader.EachAsync([Runs.Each(Sql.Of($"{ids}"), row => runs.Add((row.Id, Securable.Experiment(row.Experiment), new Records.LineageNode($"runs/{row.RunId}", "run")
        {
            Name = row.Name,
            Deleted = row.DeletedAt is null ? null : true,
        })))], cancellationToken);
        return runs;
    }

    private async Task<bool> MayReadAsync(Reader reader, (Rights Rights, Principal Who) viewer, Securable on, CancellationToken cancellationToken)
    {
        if (!_readable.TryGetValue(on, out var readable))
        {
            readable = _readable[on] = await viewer.Rights.MayReadAsync(reader, viewer.Who, on, cancellationToken);
        }

        return readable;
    }
}
