using System.Globalization;

namespace Slipway.Server.Governance.Files;

/// <summary>Times as people write them: <c>24h</c>, <c>14d</c>.</summary>
internal static class DurationText
{
    private const long SecondsLimit = 3650L * 24 * 60 * 60;

    public static TimeSpan? Find(string text)
    {
        if (text.Length == 0 || SecondsOf(text[^1]) is not { } unit
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        return count > 0 && count <= SecondsLimit / unit ? TimeSpan.FromSeconds(count * unit) : null;
    }

    /// <summary>In the largest unit that tells it whole.</summary>
    public static string Of(TimeSpan time)
    {
        var seconds = (long)Math.Max(time.TotalSeconds, 0);
        var unit = seconds == 0 ? 's' : "dhm".FirstOrDefault(name => seconds % SecondsOf(name) == 0, 's');
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / SecondsOf(unit)}{unit}");
    }

    private static long? SecondsOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => null,
    };
}
