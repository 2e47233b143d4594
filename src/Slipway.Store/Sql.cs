using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Slipway.Store;

/// <summary>A statement whose holes are parameters. Nothing in this project takes SQL as a plain string.</summary>
[InterpolatedStringHandler]
public sealed class Sql(int literalLength, int formattedCount) : SqlFragment
{
    /// <summary>Stands for a parameter until the statement is complete and its parameters can be numbered.</summary>
    internal const char Hole = '\u0001';

    /// <summary>Stand around a list, for which databases have different words.</summary>
    internal const char ListStart = '\u0002';
    internal const char ListEnd = '\u0003';

    /// <summary>A longer list of numbers is written into the text.</summary>
    private const int ParameterLimit = 1024;

    private readonly StringBuilder _text = new(literalLength + formattedCount);
    private readonly List<SqlValue> _values = new(formattedCount);

    internal IReadOnlyList<SqlValue> Values => _values;

    internal string Key => _text.ToString();

    /// <summary>Makes a fragment that can stand in a hole of another statement.</summary>
    public static Sql Of(Sql fragment) => fragment;

    public static Sql Join(string separator, IEnumerable<Sql> fragments)
    {
        var joined = new Sql(64, 4);
        var first = true;
        foreach (var fragment in fragments)
        {
            joined._text.Append(first ? "" : separator);
            joined.AppendFormatted(fragment);
            first = false;
        }

        return joined;
    }

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(SqlFragment fragment)
    {
        var sql = (Sql)fragment;
        _text.Append(sql._text);
        _values.AddRange(sql._values);
    }

    public void AppendFormatted(string? value) => Add(SqlType.Text, value);

    public void AppendFormatted(long value) => Add(SqlType.Int64, value);

    public void AppendFormatted(long? value) => Add(SqlType.Int64, value);

    public void AppendFormatted(double value) => Add(SqlType.Double, value);

    public void AppendFormatted(byte[] value) => Add(SqlType.Bytes, value);

    /// <summary>What another statement finds.</summary>
    public void AppendFormatted(Lookup lookup) => Add(SqlType.Lookup, lookup);

    /// <summary>A list to stand after <c>in</c>.</summary>
    public void AppendFormatted(IReadOnlyCollection<long> values)
    {
        if (values.Count <= ParameterLimit)
        {
            AddList(SqlType.Int64, values.Select(value => (object)value), values.Count);
            return;
        }

        // Databases take some thirty thousand parameters; numbers are safe to stand in the text.
        _text.Append('(').AppendJoin(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))).Append(')');
    }

    /// <inheritdoc cref="AppendFormatted(IReadOnlyCollection{long})"/>
    public void AppendFormatted(IReadOnlyCollection<string> values) => AddList(SqlType.Text, values, values.Count);

    /// <summary>Pairs to stand after <c>(a, b) in</c>.</summary>
    public void AppendFormatted(IReadOnlyList<(long, string)> pairs)
    {
        _text.Append("(values ");
        var left = Padded(pairs.Count);
        for (var i = 0; left > 0; i++)
        {
            // No pairs are one of nulls, which equals nothing.
            (long?, string?) pair = pairs.Count == 0 ? (null, null) : pairs[Math.Min(i, pairs.Count - 1)];
            _text.Append("(cast(");
            Add(SqlType.Int64, pair.Item1);
            _text.Append(" as bigint), cast(");
            Add(SqlType.Text, pair.Item2);
            _text.Append(" as text))").Append(--left > 0 ? "," : "");
        }

        _text.Append(')');
    }

    /// <summary>The text with its parameters numbered from $1.</summary>
    internal static string Number(string key)
    {
        var text = new StringBuilder(key.Length + 16);
        var number = 0;
        foreach (var character in key)
        {
            if (character == Hole)
            {
                text.Append('$').Append(++number);
            }
            else
            {
                text.Append(character switch { ListStart => '(', ListEnd => ')', _ => character });
            }
        }

        return text.ToString();
    }

    private void AddList(SqlType type, IEnumerable<object> values, int count)
    {
        _text.Append(ListStart);
        object? last = null;
        var left = Padded(count);
        foreach (var value in values)
        {
            Add(type, last = value);
            _text.Append(--left > 0 ? "," : "");
        }

        for (; left > 0; left--)
        {
            Add(type, last);
            _text.Append(left > 1 ? "," : "");
        }

        _text.Append(ListEnd);
    }

    // Lists are filled up to a power of two by repeating the last value, so that few distinct texts are prepared.
    private static int Padded(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));

    private void Add(SqlType type, object? value)
    {
        _text.Append(Hole);
        _values.Add(new SqlValue(type, value));
    }
}

/// <summary>What becomes a part of the statement in whose hole it stands.</summary>
/// <remarks>It is no handler of interpolated strings itself: a <c>$"…"</c> that stands in a hole is a text, and a parameter like any other.</remarks>
public abstract class SqlFragment
{
    private protected SqlFragment()
    {
    }
}

internal enum SqlType
{
    Int64,
    Text,
    Double,
    Bytes,
    Lookup,
}

internal readonly record struct SqlValue(SqlType Type, object? Value);
