namespace Slipway.Server.Datasets.Typing;

/// <summary>
/// Reads <c>2024-01-31</c>, and <c>2024-01-31T23:59</c> with seconds, up to nine digits of a fraction and a zone where they
/// are there; a blank may stand in place of the <c>T</c>.
/// </summary>
internal static class TimeText
{
    private const int DateLength = 10;

    // 9999-12-31T23:59:59, as seconds.
    private static readonly long _last = DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>Which types the text fits, with its value; an instant in time is in UTC.</summary>
    public static ColumnTypes Read(ReadOnlySpan<byte> text, out Instant value)
    {
        value = default;
        if (text.Length < DateLength || !TryReadDate(text, out var seconds))
        {
            return ColumnTypes.None;
        }

        var rest = text[DateLength..];
        if (rest.IsEmpty)
        {
            value = new Instant(seconds, 0);
            return ColumnTypes.Date | ColumnTypes.DateTime;
        }

        if (rest[0] is not ((byte)'T' or (byte)' ') || !TryReadTime(ref rest, ref seconds, out var nanoseconds))
        {
            return ColumnTypes.None;
        }

        if (rest.IsEmpty)
        {
            value = new Instant(seconds, nanoseconds);
            return ColumnTypes.DateTime;
        }

        if (!TryReadZone(rest, out var offset) || seconds - offset < 0 || seconds - offset > _last)
        {
            return ColumnTypes.None;
        }

        value = new Instant(seconds - offset, nanoseconds);
        return ColumnTypes.Timestamp;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text[4] != '-' || text[7] != '-' || !TryReadNumber(text[..4], 9999, out var year) || year == 0
            || !TryReadNumber(text[5..7], 12, out var month) || month == 0
            || !TryReadNumber(text[8..10], 31, out var day) || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        seconds = new DateOnly(year, month, day).DayNumber * 24L * 60 * 60;
        return true;
    }

    // The text begins with the T or the blank.
    private static bool TryReadTime(ref ReadOnlySpan<byte> text, ref long seconds, out int nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 6 || text[3] != ':' || !TryReadNumber(text[1..3], 23, out var hour) || !TryReadNumber(text[4..6], 59, out var minute))
        {
            return false;
        }

        seconds += (hour * 3600) + (minute * 60);
        text = text[6..];
        if (text.IsEmpty || text[0] != ':')
        {
            return true;
        }

        if (text.Length < 3 || !TryReadNumber(text[1..3], 59, out var second))
        {
            return false;
        }

        seconds += second;
        text = text[3..];
        return text.IsEmpty || text[0] != '.' || TryReadFraction(ref text, out nanoseconds);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> text, out int nanoseconds)
    {
        nanoseconds = 0;
        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? text[1..] : text[1..(end + 1)];
        if (digits.Length is 0 or > 9)
        {
            return false;
        }

        text = text[(digits.Length + 1)..];
        for (var i = 0; i < 9; i++)
        {
            nanoseconds = (nanoseconds * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return true;
    }

    // "Z", "+02", "+0200" or "+02:00".
    private static bool TryReadZone(ReadOnlySpan<byte> text, out int offset)
    {
        offset = 0;
        if (text.SequenceEqual("Z"u8))
        {
            return true;
        }

        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || !TryReadNumber(text[1..3], 23, out var hours))
        {
            return false;
        }

        var minutes = 0;
        if (text.Length > 3 && (!TryReadNumber(text[^2..], 59, out minutes) || (text.Length == 6 && text[3] != ':')))
        {
            return false;
        }

        offset = ((hours * 60) + minutes) * (text[0] == '-' ? -60 : 60);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, int most, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return value <= most;
    }
}
