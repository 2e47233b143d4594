using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Wire.Json;

/// <summary>An int64 as a JSON integer, an integral float (<c>5.0</c>) or a decimal string (<c>"5"</c>); written as a number.</summary>
internal sealed class LenientInt64Converter : JsonConverter<long>
{
    /// <summary>2^63: the first double that no longer fits.</summary>
    private const double Limit = 9223372036854775808.0;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out var number):
                return number;
            case JsonTokenType.Number when reader.TryGetDouble(out var real) && double.IsInteger(real) && real is >= -Limit and < Limit:
                return (long)real;
            case JsonTokenType.String when long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case JsonTokenType.String when reader.ValueSpan.IsEmpty && reader.ValueSequence.IsEmpty:
                throw new JsonException(WireJson.Missing);
            default:
                throw new JsonException("must be an integer");
        }
    }

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
