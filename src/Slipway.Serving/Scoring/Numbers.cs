using System.Globalization;

namespace Slipway.Serving.Scoring;

/// <summary>Numbers and times written as text, as Python and pandas read them.</summary>
internal static class Numbers
{
    public static bool TryParse(string text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        var word = text.Trim().TrimStart('+', '-').ToLowerInvariant();
        number = word switch
        {
            "nan" => double.NaN,
            "inf" or "infinity" => text.Contains('-') ? double.NegativeInfinity : double.PositiveInfinity,
            _ => 0,
        };
        return number is not 0;
    }

    /// <summary>A time without a zone; one with a zone is taken to UTC.</summary>
    public static DateTime? ToTime(string text) => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out var time)
        ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified)
        : null;
}
