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

        return Check(ref reader);
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Check(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string Check(ref Utf8JsonReader reader)
    {
        var text = Decode(ref reader);
        return text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException("must be a text without NUL") : text;
    }

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
