using System.Text.Json.Serialization;

namespace Slipway.Wire.Lineage;

/// <summary>Asks for lineage (<c>GET …/lineage</c>).</summary>
/// <param name="Direction"><c>up</c> for what it was made from, <c>down</c> for what was made from it, <c>both</c> unless given.</param>
public sealed record LineageRequest(string? Direction);

/// <summary>What data flowed through.</summary>
/// <param name="Start">The node that was asked about.</param>
/// <param name="Nodes">All that the caller may read, over any number of steps.</param>
/// <param name="Edges">What went into what, between these nodes.</param>
public sealed record LineageResponse(string Start, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges)
{
    /// <summary>How many more nodes there are that the caller may not read.</summary>
    public long Hidden { get; init; }

    /// <summary>Whether there was more than 10,000 nodes, and the rest was left out.</summary>
    public bool Truncated { get; init; }
}

/// <summary>Something that data flows through.</summary>
/// <param name="Id">Its resource: <c>datasets/NAME@VERSION</c>, <c>runs/ID</c>, <c>logged-models/ID</c> or <c>models/NAME/versions/NUMBER</c>.</param>
/// <param name="Kind"><c>dataset_version</c>, <c>run</c>, <c>logged_model</c> or <c>model_version</c>.</param>
public sealed record LineageNode(string Id, string Kind)
{
    /// <summary>What people call a run or a logged model.</summary>
    public string? Name { get; init; }

    /// <summary>Of a model version.</summary>
    public string? Stage { get; init; }

    /// <summary>The environments in which a model version is served; absent when it is in none.</summary>
    public IReadOnlyList<string>? ServedIn { get; init; }

    /// <summary>What points to a model version; absent when nothing does.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Whether a run or a logged model was deleted; absent when not.</summary>
    public bool? Deleted { get; init; }

    /// <summary>Why a dataset version is not to be used any more; absent unless it was recalled.</summary>
    public string? RecallReason { get; init; }

    /// <summary>Whether the content of a dataset version was erased; absent when not.</summary>
    public bool? Purged { get; init; }
}

/// <summary>One thing went into another.</summary>
/// <param name="From">The id of what was there before.</param>
/// <param name="To">The id of what was made of it or used it.</param>
/// <param name="How"><c>declared</c>, <c>input</c>, <c>params</c> or <c>manifest</c>: where a run says that it used data; <c>made</c>, <c>used</c>, <c>registered</c>, <c>copied</c>.</param>
public sealed record LineageEdge(string From, string To, string How)
{
    /// <summary>Whether the run names this version of a dataset but gives the digest of other content; absent when not.</summary>
    public bool? Contradictory { get; init; }
}

/// <summary>Says that a run uses a version of a dataset (<c>POST runs/{run}/datasets</c>).</summary>
/// <param name="Dataset"><c>NAME@VERSION</c>, or an alias or <c>latest</c> in place of the version.</param>
/// <param name="Context">What for, such as <c>training</c>.</param>
/// <param name="Manifest">Whether the server writes the artifact <c>data/dataset_manifest.json</c> too.</param>
public sealed record UseDatasetRequest(string? Dataset, string? Context, bool? Manifest);

/// <summary>The versions of datasets that a run used.</summary>
/// <param name="Datasets">Those that the caller may read.</param>
/// <param name="Hidden">How many more there are.</param>
public sealed record RunDatasetsResponse(IReadOnlyList<RunDataset> Datasets, long Hidden);

/// <summary>A version of a dataset that a run used.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">Its version.</param>
/// <param name="How">Where the run says so: any of <c>declared</c>, <c>input</c>, <c>params</c>, <c>manifest</c>.</param>
public sealed record RunDataset(string Name, string Version, IReadOnlyList<string> How)
{
    /// <summary>What for; absent when that was not said.</summary>
    public string? Context { get; init; }

    /// <summary>The SHA-256 of its bytes; see docs/datasets.md.</summary>
    public required string ByteDigest { get; init; }

    /// <summary>Whether the run gives the digest of other content for it; absent when not.</summary>
    public bool? Contradictory { get; init; }
}

/// <summary>Says that a version of a dataset is not to be used any more (<c>POST datasets/{name}/versions/{version}/recall</c>), or is again (<c>…/reinstate</c>).</summary>
/// <param name="Reason">Why; stays on record.</param>
public sealed record RecallDatasetRequest(string? Reason);

/// <summary>A version of a dataset that was recalled or reinstated, and what depends on it.</summary>
/// <param name="Dataset"><c>NAME@VERSION</c>.</param>
/// <param name="Recalled">Whether it is recalled now.</param>
/// <param name="ModelVersions">The model versions that depend on it and that the caller may read.</param>
public sealed record DatasetRecall(string Dataset, bool Recalled, IReadOnlyList<LineageNode> ModelVersions)
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>How many more model versions depend on it that the caller may not read.</summary>
    public long Hidden { get; init; }
}

/// <summary>The records of lineage.</summary>
[JsonSerializable(typeof(LineageRequest))]
[JsonSerializable(typeof(LineageResponse))]
[JsonSerializable(typeof(UseDatasetRequest))]
[JsonSerializable(typeof(RunDatasetsResponse))]
[JsonSerializable(typeof(RecallDatasetRequest))]
[JsonSerializable(typeof(DatasetRecall))]
internal sealed partial class LineageJsonContext : JsonSerializerContext;
