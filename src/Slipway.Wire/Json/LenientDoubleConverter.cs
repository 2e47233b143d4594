using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Wire.Json;

/// <summary>A double as a number, a numeric string, or NaN and the infinities by name; NaN is written as the string <c>"NaN"</c>.</summary>
internal sealed class LenientDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDouble(out var number) => number,
        JsonTokenType.String => Parse(reader.GetString()!),
        _ => throw new JsonException("must be a number"),
    };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static double Parse(string text) => text.ToUpperInvariant() switch
    {
        "" => throw new JsonException(WireJson.Missing),
        "NAN" => double.NaN,
        "INF" or "INFINITY" or "+INF" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new JsonException("must be a number"),
    };
}
