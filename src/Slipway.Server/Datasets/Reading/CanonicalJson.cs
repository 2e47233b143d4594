using System.Buffers;
using System.Text;
using System.Text.Json;
using Slipway.Server.Artifacts;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>
/// One text for each JSON value: keys in the order of their code points, no blanks, numbers by their value, and no escapes
/// but those that JSON demands. <c>docs/datasets.md</c> specifies it.
/// </summary>
internal static class CanonicalJson
{
    // What JSON forbids in a string as it stands: the quote, the backslash, and control characters.
    private static readonly SearchValues<byte> _escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <exception cref="Fault">The value has a key twice, a number that is out of range, or an escape for no character.</exception>
    public static void Write(JsonElement value, IBufferWriter<byte> output, TablePlace place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output, place);
                break;
            case JsonValueKind.Array:
                WriteArray(value, output, place);
                break;
            case JsonValueKind.String:
                WriteText(Encoding.UTF8.GetBytes(value.GetString()!), output);
                break;
            case JsonValueKind.Number:
                var number = Encoding.UTF8.GetBytes(value.GetRawText());
                CheckNumber(number, place);
                WriteNumber(number, output);
                break;
            default:
                output.Write(Encoding.UTF8.GetBytes(value.GetRawText()));
                break;
        }
    }

    public static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(_escaped) is >= 0 and var at)
        {
            output.Write(text[..at]);
            WriteEscape(text[at], output);
            text = text[(at + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>An integer by its digits; any other by the shortest digits that give the same double, and a power of ten.</summary>
    public static void WriteNumber(ReadOnlySpan<byte> number, IBufferWriter<byte> output)
    {
        if (NumberText.IsWhole(number))
        {
            output.Write(NumberText.WithoutMinusZero(number));
            return;
        }

        NumberText.TryRead(number, out var value);
        output.Write(NumberText.Scientific(value));
    }

    public static void CheckNumber(ReadOnlySpan<byte> number, TablePlace place)
    {
        if (!NumberText.IsWhole(number) && !NumberText.TryRead(number, out _))
        {
            throw place.Fault($"the number {Encoding.UTF8.GetString(number)} is out of range.");
        }
    }

    private static void WriteEscape(byte character, IBufferWriter<byte> output)
    {
        if (character is (byte)'"' or (byte)'\\')
        {
            output.Write([(byte)'\\', character]);
            return;
        }

        output.Write("\\u00"u8);
        output.Write([HexDigit(character >> 4), HexDigit(character & 15)]);
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output, TablePlace place)
    {
        var separator = "{"u8;
        string? last = null;
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, CodePointOrder.Instance))
        {
            if (property.Name == last)
            {
                throw place.Fault($"the key '{Checks.Text.Shorten(last)}' appears twice in one object.");
            }

            last = property.Name;
            output.Write(separator);
            WriteText(Encoding.UTF8.GetBytes(property.Name), output);
            output.Write(":"u8);
            Write(property.Value, output, place);
            separator = ","u8;
        }

        output.Write(last is null ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(JsonElement value, IBufferWriter<byte> output, TablePlace place)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            Write(item, output, place);
        }

        output.Write("]"u8);
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];
}
