namespace Slipway.Server.Search.Paging;

/// <summary>What a search found: internal ids in order, and how to go on.</summary>
/// <param name="Ids">Of the rows on this page.</param>
/// <param name="NextPageToken">Null when no row is left.</param>
internal sealed record Page(IReadOnlyList<long> Ids, string? NextPageToken)
{
    public static Page Empty { get; } = new([], null);
}
