using System.Globalization;
using System.Text;

namespace Slipway.Serving.Pickles;

/// <summary>Whether bytes begin a tar. Its first bytes are a name of any kind, which may as well begin a pickle.</summary>
internal static class TarHeader
{
    public const int Length = 512;

    private const int SumAt = 148;
    private const int SumLength = 8;

    public static bool Begins(ReadOnlySpan<byte> head)
    {
        if (head.Length < Length)
        {
            return false;
        }

        var (unsigned, signed) = (SumLength * ' ', SumLength * ' ');
        for (var i = 0; i < Length; i++)
        {
            if (i is < SumAt or >= SumAt + SumLength)
            {
                unsigned += head[i];
                signed += (sbyte)head[i];
            }
        }

        return Told(head.Slice(SumAt, SumLength)) is { } told && (told == unsigned || told == signed);
    }

    private static long? Told(ReadOnlySpan<byte> field)
    {
        if (field[0] is 0x80 or 0xff)
        {
            var number = 0L;
            foreach (var digit in field[1..])
            {
                number = (number << 8) | digit;
            }

            return number;
        }

        return Octal(Encoding.Latin1.GetString(field).Split('\0')[0].Trim());
    }

    private static long? Octal(string digits) => digits.All(digit => digit is >= '0' and <= '7')
        ? digits.Aggregate(0L, (number, digit) => (8 * number) + int.Parse([digit], CultureInfo.InvariantCulture))
        : null;
}
