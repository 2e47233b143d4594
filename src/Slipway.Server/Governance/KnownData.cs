using Slipway.Server.Datasets;
using Slipway.Server.Lineage;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>The versions of datasets that a version was made from.</summary>
internal sealed record KnownData
{
    public static readonly KnownData None = new();

    /// <summary>Those that the run which counts as evidence says it used, and that it does not contradict.</summary>
    public IReadOnlyList<DatasetVersionRow> OfRun { get; init; } = [];

    /// <summary>Those anywhere before it, by name.</summary>
    public IReadOnlyList<DatasetVersionRow> All { get; init; } = [];

    /// <summary>Whether there was more than is looked at.</summary>
    public bool IsCut { get; init; }

    /// <summary>What is known of the data of a version.</summary>
    public static async Task<KnownData> OfAsync(Reader reader, ModelVersionRow version, RunRow? run, CancellationToken cancellationToken)
    {
        var graph = await LineageGraph.UpAsync(reader, new LineageNode(NodeKind.ModelVersion, version.Id), cancellationToken);
        var all = await DatasetVersions.LoadAsync(reader, graph.Ids(NodeKind.DatasetVersion), cancellationToken);
        return (run is null ? None : await OfRunAsync(reader, run, cancellationToken)) with { All = Ordered(all), IsCut = graph.IsCut };
    }

    /// <summary>What is known of the data of a run.</summary>
    public static async Task<KnownData> OfRunAsync(Reader reader, RunRow run, CancellationToken cancellationToken)
    {
        var uses = await DataUses.OfRunsAsync(reader, [run.Id], cancellationToken);
        var used = uses.Where(use => !use.IsContradictory).Select(use => use.From.Id).Distinct().ToList();
        return new KnownData { OfRun = Ordered(await DatasetVersions.LoadAsync(reader, used, cancellationToken)) };
    }

    private static List<DatasetVersionRow> Ordered(IEnumerable<DatasetVersionRow> versions) => [.. versions.OrderBy(version => version.Reference, StringComparer.Ordinal)];
}
