using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Slipway.Server.Datasets.Typing;

/// <summary>Canonical values for people to read.</summary>
internal static class CanonicalText
{
    /// <param name="canonical">The canonical bytes of a value; of a long text, as many as were kept.</param>
    /// <param name="type">The type that they are of.</param>
    public static string Show(ReadOnlySpan<byte> canonical, ColumnType type) =>
        type == ColumnType.Float
            ? Number(canonical).ToString("R", CultureInfo.InvariantCulture)
            : Encoding.UTF8.GetString(WithoutHalfCharacter(canonical));

    public static double Number(ReadOnlySpan<byte> canonical) => BinaryPrimitives.ReadDoubleBigEndian(canonical);

    // A text that was cut may end in the middle of a character, which has four bytes at most.
    private static ReadOnlySpan<byte> WithoutHalfCharacter(ReadOnlySpan<byte> text)
    {
        for (var dropped = 0; dropped < Math.Min(4, text.Length); dropped++)
        {
            if (Utf8.IsValid(text[..^dropped]))
            {
                return text[..^dropped];
            }
        }

        return text;
    }
}
