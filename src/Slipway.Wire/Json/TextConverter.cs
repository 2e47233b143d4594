using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Wire.Json;

/// <summary>A text that every database can keep: a JSON string without NUL and without half a surrogate pair.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("must be a string");
        }

        var text = Decode(ref reader);
        return text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException("must be a text without NUL") : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private static string Decode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("must be valid Unicode", exception);
        }
    }
}
