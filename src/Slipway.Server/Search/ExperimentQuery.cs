using Slipway.Wire;

namespace Slipway.Server.Search;

/// <summary>What <c>experiments/search</c> asks for.</summary>
/// <param name="Filter">Null or empty matches every experiment.</param>
/// <param name="OrderBy">Items such as <c>name DESC</c>; none means newest first.</param>
/// <param name="View">Whether deleted experiments are meant.</param>
/// <param name="MaxResults">Null means 1000.</param>
/// <param name="PageToken">Null or empty means the first page.</param>
internal sealed record ExperimentQuery(
    string? Filter = null,
    IReadOnlyList<string>? OrderBy = null,
    ViewType View = ViewType.ActiveOnly,
    long? MaxResults = null,
    string? PageToken = null)
{
    /// <inheritdoc cref="ReadableCondition"/>
    public ReadableCondition Readable { get; init; } = _ => null;
}
