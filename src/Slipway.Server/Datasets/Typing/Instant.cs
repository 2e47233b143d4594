using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.Server.Datasets.Typing;

/// <summary>A point in time to the nanosecond, from the year 1 to 9999.</summary>
/// <param name="Seconds">Since the beginning of the year 1.</param>
/// <param name="Nanoseconds">Of that second.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(long Seconds, int Nanoseconds)
{
    /// <summary>The most bytes that <see cref="Write"/> needs: <c>2024-01-31T23:59:59.123456789Z</c>.</summary>
    public const int TextLimit = 30;

    private const int SecondsOfDay = 24 * 60 * 60;

    /// <summary>Seconds since 1970, which is what sketches of a column hold.</summary>
    public double UnixSeconds => Seconds - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond) + (Nanoseconds / 1e9);

    /// <summary>The canonical text of a value of the type.</summary>
    public int Write(ColumnType type, Span<byte> text)
    {
        var days = (int)(Seconds / SecondsOfDay);
        var date = DateOnly.FromDayNumber(days);
        Digits(text, date.Year, 4);
        Part(text[4..], '-', date.Month);
        Part(text[7..], '-', date.Day);
        if (type == ColumnType.Date)
        {
            return 10;
        }

        var second = (int)(Seconds % SecondsOfDay);
        Part(text[10..], 'T', second / 3600);
        Part(text[13..], ':', second / 60 % 60);
        Part(text[16..], ':', second % 60);
        var length = 19 + WriteFraction(text[19..]);
        if (type == ColumnType.Timestamp)
        {
            text[length++] = (byte)'Z';
        }

        return length;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:D9}");

    // A point and the digits up to the last that is not zero.
    private int WriteFraction(Span<byte> text)
    {
        if (Nanoseconds == 0)
        {
            return 0;
        }

        text[0] = (byte)'.';
        Digits(text[1..], Nanoseconds, 9);
        return text[..10].LastIndexOfAnyExcept((byte)'0') + 1;
    }

    private static void Part(Span<byte> text, char separator, int value)
    {
        text[0] = (byte)separator;
        Digits(text[1..], value, 2);
    }

    private static void Digits(Span<byte> text, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
