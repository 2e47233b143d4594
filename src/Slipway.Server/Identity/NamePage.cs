using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Pages of what is ordered by name: the last name of a page is where the next one begins.</summary>
internal static class NamePage
{
    private const long Usual = 100;
    private const long Largest = 1000;

    public static long Size(long? limit) => (limit ?? Usual) is >= 1 and <= Largest and var size ? size : throw Fault.Invalid($"'limit' must be between 1 and {Largest}.");

    /// <param name="rows">One more than fits, if there is one.</param>
    /// <param name="size">How many fit.</param>
    /// <param name="name">By what they are ordered.</param>
    public static (List<T> Page, string? Next) Cut<T>(List<T> rows, long size, Func<T, string> name)
    {
        var page = rows.Take((int)size).ToList();
        return (page, rows.Count > size ? name(page[^1]) : null);
    }
}
