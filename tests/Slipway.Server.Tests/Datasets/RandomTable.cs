using System.Globalization;
using System.Text;

namespace Slipway.Server.Tests.Datasets;

/// <summary>A table with a column of each type, written as CSV in one of the many ways that mean the same.</summary>
internal sealed class RandomTable
{
    private static readonly string[] _names = ["integer", "float", "boolean", "datetime", "timestamp", "text"];
    private static readonly string[] _texts = ["", "a", "b,c", "\"", "x\r\ny", "007", "é🐎", " "];

    private readonly List<object?[]> _rows = [];
    private readonly Random _random;

    public RandomTable(int seed)
    {
        _random = new Random(seed);

        // The first row has no nulls, and values that no other type fits.
        _rows.Add([1L, 0.5, true, new DateTime(2024, 1, 1, 10, 0, 1, DateTimeKind.Unspecified), new DateTime(2024, 1, 1, 10, 0, 1, DateTimeKind.Utc), "first"]);
        for (var row = _random.Next(40); row > 0; row--)
        {
            _rows.Add([.. Enumerable.Range(0, _names.Length).Select(column => _random.Next(8) == 0 ? null : Value(column))]);
        }
    }

    /// <summary>The same table but for one cell, which has another value of its type, or null.</summary>
    public RandomTable WithOneChange()
    {
        var (row, column) = (_random.Next(1, Math.Max(_rows.Count, 2)) % _rows.Count, _random.Next(_names.Length));
        var old = _rows[row][column];
        while (Equals(_rows[row][column], old))
        {
            _rows[row][column] = old is not null && row > 0 && _random.Next(3) == 0 ? null : Value(column);
        }

        return this;
    }

    public string Write(Random style)
    {
        string[] ends = ["\n", "\r\n", "\r"];
        var end = ends[style.Next(3)];
        var text = new StringBuilder(style.Next(2) == 0 ? "\uFEFF" : "").AppendJoin(',', _names.Select(name => Quote(name, style))).Append(end);
        foreach (var row in _rows)
        {
            text.AppendJoin(',', row.Select(value => value is null ? "" : Quote(Write(value, style), style)));
            text.Append(end).Append(style.Next(4) == 0 ? end : "");
        }

        return text.ToString();
    }

    private object Value(int column) => column switch
    {
        0 => _random.NextInt64(-5, 5) * _random.NextInt64(1, long.MaxValue / 8),
        1 => _random.Next(3) == 0 ? _random.Next(-3, 3) : (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-20, 20)),
        2 => _random.Next(2) == 0,
        3 => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Unspecified),
        4 => DateTime.SpecifyKind(DateTime.UnixEpoch.AddSeconds(_random.Next()), DateTimeKind.Utc),
        _ => _texts[_random.Next(_texts.Length)],
    };

    private static string Quote(string cell, Random style) =>
        cell.Length == 0 || cell.AsSpan().ContainsAny("\",\r\n") || style.Next(3) == 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static string Write(object value, Random style) => value switch
    {
        double number => WriteFloat(number, style),
        int number => WriteFloat(number, style),
        bool boolean => style.Next(2) == 0 ? boolean.ToString() : boolean.ToString().ToUpperInvariant(),
        DateTime { Kind: DateTimeKind.Utc } time => WriteInstant(time, style),
        DateTime time => time.ToString(style.Next(2) == 0 ? "yyyy-MM-dd HH:mm:ss.fffffff" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string WriteFloat(double number, Random style) => style.Next(3) switch
    {
        0 => number.ToString("R", CultureInfo.InvariantCulture),
        1 => number.ToString("E17", CultureInfo.InvariantCulture),
        _ => number.ToString("E25", CultureInfo.InvariantCulture),
    };

    private static string WriteInstant(DateTime time, Random style)
    {
        var hours = style.Next(-12, 13);
        var zone = hours == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(hours < 0 ? '-' : '+')}{Math.Abs(hours):D2}{(style.Next(2) == 0 ? ":00" : "")}");
        return time.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + zone;
    }
}
