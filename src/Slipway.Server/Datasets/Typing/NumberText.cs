using System.Globalization;
using System.Text;

namespace Slipway.Server.Datasets.Typing;

/// <summary>Numbers as tables write them: JSON's grammar, so that <c>007</c>, <c>+1</c> and <c>1.</c> are texts.</summary>
internal static class NumberText
{
    /// <summary>The most digits of an integer. Beyond it digits are a key or a code, and reading it as a double would lose some.</summary>
    public const int DigitLimit = 38;

    /// <summary>Whether the text is <c>-?(0|[1-9][0-9]*)</c>.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith("-"u8) ? text[1..] : text;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (digits.Length == 1 || digits[0] != '0');
    }

    /// <summary>Whether the text is an integer of a size that we read as one.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text) => text.Length <= DigitLimit + 1 && IsWhole(text) && (text.Length <= DigitLimit || text[0] == '-');

    /// <summary>Reads a number that is no longer than an integer may be, has the grammar of JSON, and is finite as a double.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        return HasGrammar(text)
            && (!IsWhole(text) || IsInteger(text))
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Reads also what a computation may leave in a CSV file: <c>nan</c>, <c>inf</c> and <c>infinity</c>, in any letter case.</summary>
    public static bool TryReadAny(ReadOnlySpan<byte> text, out double value)
    {
        if (!text.IsEmpty && (text[0] | 0x20) is >= 'a' and <= 'z' or '+' or '-' && IsWord(text, out value))
        {
            return true;
        }

        return TryRead(text, out value);
    }

    public static ReadOnlySpan<byte> WithoutMinusZero(ReadOnlySpan<byte> integer) => integer is [(byte)'-', (byte)'0'] ? "0"u8 : integer;

    /// <summary>Orders integers by their value, however long they are.</summary>
    public static int CompareIntegers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var (leftIsNegative, rightIsNegative) = (left[0] == '-', right[0] == '-');
        if (leftIsNegative != rightIsNegative)
        {
            return leftIsNegative ? -1 : 1;
        }

        var order = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
        return leftIsNegative ? -order : order;
    }

    /// <summary>The shortest digits that give this double, without zeros at their end, and a power of ten: <c>15e-1</c>.</summary>
    public static byte[] Scientific(double value)
    {
        if (value == 0)
        {
            return [.. "0e0"u8];
        }

        // "-1.2345E-05", "123.5", "1E+16": the digits, and where the point was.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = (mark < 0 ? text : text[..mark]).TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;

        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{significant}e{exponent}"));
    }

    private static bool HasGrammar(ReadOnlySpan<byte> text)
    {
        var rest = text.StartsWith("-"u8) ? text[1..] : text;
        var whole = Digits(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }

        rest = rest[whole..];
        return TrySkip(ref rest, '.', '.', mayHaveSign: false) && TrySkip(ref rest, 'e', 'E', mayHaveSign: true) && rest.IsEmpty;
    }

    // Nothing, or the mark and at least one digit.
    private static bool TrySkip(ref ReadOnlySpan<byte> rest, char mark, char otherMark, bool mayHaveSign)
    {
        if (rest.IsEmpty || (rest[0] != mark && rest[0] != otherMark))
        {
            return true;
        }

        rest = rest[1..];
        if (mayHaveSign && !rest.IsEmpty && rest[0] is (byte)'+' or (byte)'-')
        {
            rest = rest[1..];
        }

        var digits = Digits(rest);
        rest = rest[digits..];
        return digits > 0;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }

    private static bool IsWord(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (Ascii.EqualsIgnoreCase(text, "nan"u8))
        {
            return true;
        }

        value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        var word = text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        return Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }
}
