using System.Buffers;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Store;
using Slipway.Wire.Json;

namespace Slipway.Server.Routing;

/// <summary>Writes a query as the JSON object that a body would have been, so that there is one way to decode a record.</summary>
internal static class QueryJson
{
    private enum Shape
    {
        Scalar,
        List,
        Bool,
    }

    public static ReadOnlyMemory<byte> Of<T>(IQueryCollection query)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (name, values) in query)
        {
            if (Shapes<T>.ByName.TryGetValue(name, out var shape) && values.Count > 0)
            {
                json.WritePropertyName(name);
                Write(json, name, shape, values);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, Shape shape, StringValues values)
    {
        switch (shape)
        {
            case Shape.List:
                json.WriteStartArray();
                foreach (var value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
                break;
            case Shape.Bool:
                json.WriteBooleanValue(bool.TryParse(values[0], out var flag) ? flag : throw Fault.Invalid($"Invalid value for parameter '{name}': must be true or false."));
                break;
            default:
                json.WriteStringValue(values[0]);
                break;
        }
    }

    private static class Shapes<T>
    {
        public static readonly Dictionary<string, Shape> ByName = WireJson.Of<T>().Properties.ToDictionary(property => property.Name, ShapeOf);

        private static Shape ShapeOf(JsonPropertyInfo property) =>
            property.PropertyType == typeof(bool?) ? Shape.Bool
            : property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)) ? Shape.List
            : Shape.Scalar;
    }
}
