using Slipway.Wire;

namespace Slipway.Server.Search;

/// <summary>What <c>runs/search</c> asks for.</summary>
/// <param name="ExperimentIds">Where to look; none means that nothing is found.</param>
/// <param name="Filter">Null or empty matches every run.</param>
/// <param name="OrderBy">Items such as <c>metrics.acc DESC</c>.</param>
/// <param name="View">Whether deleted runs are meant.</param>
/// <param name="MaxResults">Null means 1000.</param>
/// <param name="PageToken">Null or empty means the first page.</param>
internal sealed record RunQuery(
    IReadOnlyList<long> ExperimentIds,
    string? Filter = null,
    IReadOnlyList<string>? OrderBy = null,
    ViewType View = ViewType.ActiveOnly,
    long? MaxResults = null,
    string? PageToken = null)
{
    /// <inheritdoc cref="ReadableCondition"/>
    public ReadableCondition Readable { get; init; } = _ => null;
}
