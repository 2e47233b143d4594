namespace Slipway.Server.Search;

/// <summary>From what size on a search prefers to walk along an index. What is found never depends on it.</summary>
/// <param name="Few">So many runs are always filtered and sorted instead.</param>
/// <param name="Sampled">So many entries of the index are tried, to tell how far the walk would go; none means that it is taken unseen.</param>
internal sealed record RunBounds(long Few, int Sampled)
{
    /// <summary>Four thousand runs take a few milliseconds, whatever the query.</summary>
    public static RunBounds Usual { get; } = new(Few: 4000, Sampled: 200);
}
