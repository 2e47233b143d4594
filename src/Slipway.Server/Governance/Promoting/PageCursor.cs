using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Pages of rows that are listed from the highest id down: a cursor is the last id that was seen.</summary>
internal static class PageCursor
{
    private const int WhenAbsent = 50;
    private const int Most = 100;

    /// <exception cref="Fault">It came from no answer.</exception>
    public static long Before(string? cursor) =>
        string.IsNullOrEmpty(cursor) ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw Fault.Invalid($"Invalid cursor '{Checks.Text.Shorten(cursor)}'. Pass the 'next' of an earlier answer as it is.");

    public static string Of(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static int Limit(long? limit) => limit switch
    {
        null => WhenAbsent,
        >= 1 and <= Most => (int)limit,
        _ => throw Fault.Invalid($"Invalid value {limit} for parameter 'limit': must be from 1 to {Most}."),
    };
}
