namespace Slipway.Server.Search;

/// <summary>What <c>registered-models/search</c> and <c>model-versions/search</c> ask for.</summary>
/// <param name="Filter">Null or empty matches everything but prompts.</param>
/// <param name="OrderBy">Items such as <c>name DESC</c>.</param>
/// <param name="MaxResults">Null means 100 models, or 200000 versions.</param>
/// <param name="PageToken">Null or empty means the first page.</param>
internal sealed record RegistryQuery(string? Filter = null, IReadOnlyList<string>? OrderBy = null, long? MaxResults = null, string? PageToken = null)
{
    /// <inheritdoc cref="ReadableCondition"/>
    public ReadableCondition Readable { get; init; } = _ => null;
}
