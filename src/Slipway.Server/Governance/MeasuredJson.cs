using System.Buffers;
using System.Text;
using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>What a test measured, in one canonical form: names in order, numbers as doubles in their shortest form, no blanks.</summary>
internal static class MeasuredJson
{
    private const int Limit = 100;
    private const int TextLimit = 1000;

    public static string? Decode(IReadOnlyDictionary<string, JsonElement>? measured)
    {
        if (measured is null or { Count: 0 })
        {
            return null;
        }

        if (measured.Count > Limit)
        {
            throw Fault.Invalid($"Invalid value for parameter 'measured': it has {measured.Count} names, and may have {Limit}.");
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in measured.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                Write(json, Keys.Check(name, "measured"), value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyDictionary<string, JsonElement>? Encode(string? measured) =>
        measured is null ? null : JsonSerializer.Deserialize(measured, EvidenceJson.Default.IReadOnlyDictionaryStringJsonElement);

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            // Zero has one form.
            json.WriteNumber(name, number + 0.0);
            return;
        }

        if (value.ValueKind == JsonValueKind.String && TryGetText(value) is { } text)
        {
            json.WriteString(name, Text.Within(text, TextLimit, $"measured.{Text.Shorten(name)}"));
            return;
        }

        throw Fault.Invalid($"Invalid value for parameter 'measured.{Text.Shorten(name)}': it must be a finite number or a text.");
    }

    // Half a surrogate pair can't be kept, nor can NUL.
    private static string? TryGetText(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
