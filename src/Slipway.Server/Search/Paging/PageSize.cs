using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>How many rows one page may have.</summary>
internal sealed record PageSize(int WhenAbsent, int Most)
{
    public int Of(long? maxResults) => maxResults switch
    {
        null => WhenAbsent,
        >= 1 when maxResults <= Most => (int)maxResults,
        _ => throw Fault.Invalid($"Invalid value {maxResults} for parameter 'max_results' supplied. It must be a positive integer of at most {Most}."),
    };
}
