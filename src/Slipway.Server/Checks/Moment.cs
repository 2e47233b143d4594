using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Checks;

/// <summary>How a moment is written in a request.</summary>
internal static class Moment
{
    private const long Most = 253_402_300_799_999;

    /// <summary>ISO 8601, in UTC unless it says otherwise, or milliseconds since 1970; null when nothing is given.</summary>
    public static long? Find(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= Most)
        {
            return milliseconds;
        }

        return text.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time.ToUnixTimeMilliseconds()
                : throw Fault.Invalid($"Invalid value '{Text.Shorten(text)}' for parameter '{name}': it must be a time such as 2026-03-01T12:00Z, or milliseconds since 1970.");
    }

    public static long Get(string? text, string name) => Find(text, name) ?? throw Fault.Invalid($"Missing value for required parameter '{name}'.");
}
