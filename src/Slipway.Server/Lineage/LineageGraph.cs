using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>What something was made from, or what was made from it, over any number of steps.</summary>
internal sealed class LineageGraph
{
    /// <summary>Who wants to see more begins nearer to it.</summary>
    public const int Limit = 10_000;

    private readonly HashSet<LineageNode> _nodes = [];
    private readonly Dictionary<(LineageNode, LineageNode, string), LineageEdge> _edges = [];

    public IReadOnlyCollection<LineageNode> Nodes => _nodes;

    public IEnumerable<LineageEdge> Edges => _edges.Values.Where(edge => _nodes.Contains(edge.From) && _nodes.Contains(edge.To));

    /// <summary>Whether there was more than is looked at.</summary>
    public bool IsCut { get; private set; }

    public static async Task<LineageGraph> UpAsync(Reader reader, LineageNode start, CancellationToken cancellationToken)
    {
        var graph = new LineageGraph();
        await graph.WalkAsync(start, (kind, ids) => LineageSteps.UpAsync(reader, kind, ids, cancellationToken), edge => edge.From);
        return graph;
    }

    public static async Task<LineageGraph> DownAsync(Reader reader, LineageNode start, CancellationToken cancellationToken)
    {
        var graph = new LineageGraph();
        await graph.WalkAsync(start, (kind, ids) => LineageSteps.DownAsync(reader, kind, ids, cancellationToken), edge => edge.To);
        return graph;
    }

    public static async Task<LineageGraph> BothAsync(Reader reader, LineageNode start, CancellationToken cancellationToken)
    {
        var (up, down) = (await UpAsync(reader, start, cancellationToken), await DownAsync(reader, start, cancellationToken));
        up._nodes.UnionWith(down._nodes);
        foreach (var (key, edge) in down._edges)
        {
            up._edges[key] = edge;
        }

        up.IsCut |= down.IsCut;
        return up;
    }

    public IReadOnlyList<long> Ids(NodeKind kind) => [.. _nodes.Where(node => node.Kind == kind).Select(node => node.Id)];

    private async Task WalkAsync(LineageNode start, Func<NodeKind, IReadOnlyCollection<long>, Task<List<LineageEdge>>> step, Func<LineageEdge, LineageNode> next)
    {
        _nodes.Add(start);
        var front = new List<LineageNode> { start };
        while (front.Count > 0 && !IsCut)
        {
            var found = new List<LineageNode>();
            foreach (var some in front.GroupBy(node => node.Kind).SelectMany(kind => kind.Chunk(LineageSteps.Most)))
            {
                foreach (var edge in await step(some[0].Kind, [.. some.Select(node => node.Id)]))
                {
                    _edges[(edge.From, edge.To, edge.How)] = edge;
                    found.Add(next(edge));
                }
            }

            front = Admit(found);
        }
    }

    private List<LineageNode> Admit(List<LineageNode> found)
    {
        var fresh = new List<LineageNode>();
        foreach (var node in found)
        {
            IsCut |= _nodes.Count >= Limit && !_nodes.Contains(node);
            if (_nodes.Count < Limit && _nodes.Add(node))
            {
                fresh.Add(node);
            }
        }

        return fresh;
    }
}
