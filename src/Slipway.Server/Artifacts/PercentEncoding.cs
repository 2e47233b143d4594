using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Slipway.Server.Artifacts;

/// <summary>Percent-decoding that refuses what is no text.</summary>
internal static class PercentEncoding
{
    private const int Rounds = 10;

    /// <summary>Decodes once. A percent sign without two hex digits stands for itself; null when the bytes are not UTF-8.</summary>
    public static string? TryDecode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var encoded = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var position = 0; position < encoded.Length; position++)
        {
            if (encoded[position] == '%' && Utf8HexByte(encoded.AsSpan(position + 1)) is { } value)
            {
                encoded[length++] = value;
                position += 2;
            }
            else
            {
                encoded[length++] = encoded[position];
            }
        }

        var decoded = encoded.AsSpan(0, length);
        return Utf8.IsValid(decoded) ? Encoding.UTF8.GetString(decoded) : null;
    }

    /// <summary>
    /// The text, and all that it becomes to those who decode it again and again. It ends with null
    /// when that is no text, or when the tenth decoding still changes it.
    /// </summary>
    /// <param name="text">What to begin with.</param>
    /// <param name="plusIsBlank">Decode as forms do.</param>
    public static IEnumerable<string?> Decodings(string text, bool plusIsBlank = false)
    {
        yield return text;
        for (var round = 0; round < Rounds; round++)
        {
            var next = TryDecode(plusIsBlank ? text.Replace('+', ' ') : text);
            if (next == text)
            {
                yield break;
            }

            yield return next;
            if (next is null)
            {
                yield break;
            }

            text = next;
        }

        yield return null;
    }

    private static byte? Utf8HexByte(ReadOnlySpan<byte> rest) =>
        rest.Length >= 2 && byte.TryParse(rest[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
