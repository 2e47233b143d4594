using Slipway.Server.Search.Paging;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>Says in a test what a search finds, by the letters of the rows: 1 is A, 2 is B.</summary>
internal static class Found
{
    public static async Task ByAsync(Func<Task<Page>> find, string found)
    {
        if (found == RunCases.Wrong)
        {
            Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(find)).Kind);
            return;
        }

        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), (await find()).Ids.Select(id => ((char)('A' + id - 1)).ToString()));
    }
}
