using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Wire.Json;

/// <summary>An enum as its wire name (<c>ACTIVE_ONLY</c>) or its number, also as a string of digits as a query sends it.</summary>
internal sealed class WireEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(WireEnum.NameOf, value => value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var number = 0;
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number when reader.TryGetInt32(out number) => number.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
        if (ByName.TryGetValue(text, out var value))
        {
            return value;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && Enum.IsDefined((T)(object)number)
            ? (T)(object)number
            : throw new JsonException($"must be one of {string.Join(", ", ByName.Keys)}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(WireEnum.NameOf(value));
}
