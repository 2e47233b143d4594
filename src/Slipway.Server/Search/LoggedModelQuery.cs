namespace Slipway.Server.Search;

/// <summary>What <c>logged-models/search</c> asks for.</summary>
/// <param name="ExperimentIds">Where to look; none means that nothing is found.</param>
/// <param name="Filter">Null or empty matches every model.</param>
/// <param name="Datasets">Only metrics on one of these count; none means all.</param>
/// <param name="OrderBy">None means newest first.</param>
/// <param name="MaxResults">Null means 50.</param>
/// <param name="PageToken">Null or empty means the first page.</param>
internal sealed record LoggedModelQuery(
    IReadOnlyList<long> ExperimentIds,
    string? Filter = null,
    IReadOnlyList<DatasetName>? Datasets = null,
    IReadOnlyList<LoggedModelOrderItem>? OrderBy = null,
    long? MaxResults = null,
    string? PageToken = null)
{
    /// <inheritdoc cref="ReadableCondition"/>
    public ReadableCondition Readable { get; init; } = _ => null;
}

/// <summary>A dataset that a metric was measured on.</summary>
/// <param name="Name">Required.</param>
/// <param name="Digest">Null means any.</param>
internal sealed record DatasetName(string? Name, string? Digest = null);

/// <summary>What to sort by.</summary>
/// <param name="FieldName">An attribute, or <c>metrics.</c> and a key.</param>
/// <param name="Ascending">Else the largest come first.</param>
/// <param name="DatasetName">Only the metric's points on this dataset count; null means all.</param>
/// <param name="DatasetDigest">The same for the dataset's digest.</param>
internal sealed record LoggedModelOrderItem(string FieldName, bool Ascending = true, string? DatasetName = null, string? DatasetDigest = null);
