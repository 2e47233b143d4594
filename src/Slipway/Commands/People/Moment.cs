using System.Globalization;

namespace Slipway.Commands.People;

/// <summary>Times as people write and read them.</summary>
internal static class Moment
{
    public static string Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads such as 30m, 12h, 90d.</summary>
    public static TimeSpan ParseSpan(string text)
    {
        var number = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 100_000 ? value : 0;
        return (number, text.LastOrDefault()) switch
        {
            ( > 0, 'm') => TimeSpan.FromMinutes(number),
            ( > 0, 'h') => TimeSpan.FromHours(number),
            ( > 0, 'd') => TimeSpan.FromDays(number),
            _ => throw new UsageException($"'{text}' is no span of time; it looks like 30m, 12h or 90d."),
        };
    }
}
