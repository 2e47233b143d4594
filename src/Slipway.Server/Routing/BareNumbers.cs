using System.Diagnostics.CodeAnalysis;

namespace Slipway.Server.Routing;

/// <summary>Puts quotes around NaN, Infinity and -Infinity where they stand bare, as Python writes them.</summary>
internal static class BareNumbers
{
    public static bool TryQuote(ReadOnlySpan<byte> body, [NotNullWhen(true)] out byte[]? quoted)
    {
        quoted = null;
        if (body.IndexOf("NaN"u8) < 0 && body.IndexOf("Infinity"u8) < 0)
        {
            return false;
        }

        var output = new List<byte>(body.Length + 16);
        var (inString, changed) = (false, false);
        for (var i = 0; i < body.Length; i++)
        {
            var token = inString ? 0 : TokenLength(body[i..]);
            if (token > 0)
            {
                output.Add((byte)'"');
                output.AddRange(body.Slice(i, token));
                output.Add((byte)'"');
                i += token - 1;
                changed = true;
                continue;
            }

            output.Add(body[i]);
            if (inString && body[i] == '\\' && i + 1 < body.Length)
            {
                output.Add(body[++i]);
            }
            else if (body[i] == '"')
            {
                inString = !inString;
            }
        }

        quoted = changed ? [.. output] : null;
        return changed;
    }

    private static int TokenLength(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("-Infinity"u8) ? 9 : 0;
}
