using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Slipway.Wire.Json;

namespace Slipway.Server.Native;

/// <summary>The JSON Schema of a record of the wire.</summary>
internal static class SchemaOf
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    // The exporter can't see into the wire's own converters; what they read and write is said here.
    private static readonly Dictionary<Type, string> Plain = new()
    {
        [typeof(string)] = "string",
        [typeof(long)] = "integer",
        [typeof(int)] = "integer",
        [typeof(double)] = "number",
        [typeof(bool)] = "boolean",
    };

    public static JsonNode Type(Type type) => Simple(type) ?? WireJson.Of(type).GetJsonSchemaAsNode(Exporter);

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema) => Simple(context.TypeInfo.Type) ?? schema;

    private static JsonObject? Simple(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return Plain.TryGetValue(plain, out var name) ? new JsonObject { ["type"] = name }
            : plain.IsEnum ? new JsonObject { ["type"] = "string" }
            : null;
    }
}
