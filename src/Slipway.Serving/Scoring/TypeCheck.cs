using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>Checks values of composite types, element by element; nothing in them is converted.</summary>
internal static class TypeCheck
{
    /// <exception cref="ScoringFault">The value does not fit.</exception>
    public static void Check(JsonElement value, DataType type, string what)
    {
        if (!Fits(value, type))
        {
            throw ScoringFault.BadInput($"Failed to convert {what} to type '{type}': a value does not fit it.");
        }
    }

    public static bool Fits(JsonElement value, DataType type) => type.Kind switch
    {
        DataKind.Any or DataKind.Vector => true,
        DataKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        DataKind.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        DataKind.Long => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        DataKind.Float or DataKind.Double => value.ValueKind == JsonValueKind.Number,
        DataKind.String or DataKind.Binary => value.ValueKind == JsonValueKind.String,
        DataKind.DateTime => value.ValueKind == JsonValueKind.String && Numbers.ToTime(value.GetString()!) is not null,
        DataKind.Array => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => Fits(item, type.Items!)),
        DataKind.Map => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(property => Fits(property.Value, type.Items!)),
        DataKind.Object => value.ValueKind == JsonValueKind.Object && FitsObject(value, type.Properties!),
        _ => false,
    };

    private static bool FitsObject(JsonElement value, IReadOnlyList<PropertyType> properties) =>
        properties.All(property => value.TryGetProperty(property.Name, out var found)
            ? Fits(found, property.Type) || (!property.Required && found.ValueKind == JsonValueKind.Null)
            : !property.Required)
        && value.EnumerateObject().All(sent => properties.Any(property => property.Name == sent.Name));
}
