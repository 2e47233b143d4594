using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Models;

/// <summary>Reads the JSON documents of a signature, as MLflow 1.26 to 3.x write them.</summary>
internal static class SignatureReader
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 64 };

    /// <summary>Reads the list of columns or tensors of an input or output.</summary>
    /// <exception cref="ModelFormatException">It is not in the form of any MLflow.</exception>
    public static Schema? ReadSchema(string? json)
    {
        if (json is null)
        {
            return null;
        }

        return Guarded(json, list =>
        {
            var specs = list.EnumerateArray().ToList();
            var tensors = specs.Where(IsTensor).Select(ReadTensor).ToList();
            var columns = specs.Where(spec => !IsTensor(spec)).Select(ReadColumn).ToList();
            if (tensors.Count > 0 && columns.Count > 0)
            {
                throw new ModelFormatException("The model's signature mixes columns and tensors.");
            }

            var named = columns.Count(column => column.Name is not null) + tensors.Count(tensor => tensor.Name is not null);
            return named == 0 || named == specs.Count
                ? new Schema(columns, tensors)
                : throw new ModelFormatException("The model's signature names some of its inputs only.");
        });
    }

    /// <summary>Reads the list of params.</summary>
    /// <exception cref="ModelFormatException">It is not in the form of any MLflow.</exception>
    public static IReadOnlyList<ParameterSpec>? ReadParameters(string? json) =>
        json is null ? null : Guarded<IReadOnlyList<ParameterSpec>>(json, list => [.. list.EnumerateArray().Select(ReadParameter)]);

    /// <summary>What NumPy's name of a type means; null when it is none that is served.</summary>
    public static ElementType? FindElementType(string name) => name switch
    {
        "bool" => ElementType.Boolean,
        "int8" => ElementType.Int8,
        "uint8" => ElementType.UInt8,
        "int16" => ElementType.Int16,
        "uint16" => ElementType.UInt16,
        "int32" => ElementType.Int32,
        "uint32" => ElementType.UInt32,
        "int64" => ElementType.Int64,
        "uint64" => ElementType.UInt64,
        "float32" => ElementType.Float32,
        "float64" => ElementType.Float64,
        "object" => ElementType.Json,
        "str" or "string" => ElementType.Text,
        _ when name.StartsWith("<U", StringComparison.Ordinal) || name.StartsWith("str", StringComparison.Ordinal) => ElementType.Text,
        _ when name.StartsWith("datetime64", StringComparison.Ordinal) => ElementType.Time,
        _ when name.StartsWith("bytes", StringComparison.Ordinal) || name.StartsWith("|S", StringComparison.Ordinal) => ElementType.Bytes,
        _ => null,
    };

    private static T Guarded<T>(string json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Depth);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFormatException($"The model's signature can't be read: {exception.Message}", exception);
        }
    }

    private static bool IsTensor(JsonElement spec) => spec.GetProperty("type").ValueEquals("tensor");

    private static TensorSpec ReadTensor(JsonElement spec)
    {
        var tensor = spec.GetProperty("tensor-spec");
        var name = tensor.GetProperty("dtype").GetString()!;
        var type = FindElementType(name) ?? throw new ModelFormatException($"The model's signature has a tensor of type '{name}', which is not served.");
        return new TensorSpec(Name(spec), name, type, [.. tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())]);
    }

    private static ColumnSpec ReadColumn(JsonElement spec) => new(Name(spec), ReadType(spec), IsRequired(spec));

    private static ParameterSpec ReadParameter(JsonElement spec) => new(
        spec.GetProperty("name").GetString()!,
        ReadType(spec),
        spec.TryGetProperty("default", out var value) ? value.Clone() : default,
        spec.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array);

    private static DataType ReadType(JsonElement spec) => spec.GetProperty("type").GetString() switch
    {
        "boolean" => new DataType(DataKind.Boolean),
        "integer" => new DataType(DataKind.Integer),
        "long" => new DataType(DataKind.Long),
        "float" => new DataType(DataKind.Float),
        "double" => new DataType(DataKind.Double),
        "string" => new DataType(DataKind.String),
        "binary" => new DataType(DataKind.Binary),
        "datetime" => new DataType(DataKind.DateTime),
        "any" => new DataType(DataKind.Any),
        "sparkml vector" => new DataType(DataKind.Vector),
        "array" => new DataType(DataKind.Array, ReadType(spec.GetProperty("items"))),
        "map" => new DataType(DataKind.Map, ReadType(spec.GetProperty("values"))),
        "object" => new DataType(DataKind.Object, Properties: [.. spec.GetProperty("properties").EnumerateObject()
            .Select(property => new PropertyType(property.Name, ReadType(property.Value), IsRequired(property.Value)))]),
        var other => throw new ModelFormatException($"The model's signature has a column of type '{other}', which is not served."),
    };

    // MLflow 1.26 knows no optional columns, and some 2.x wrote that they are optional in place of required.
    private static bool IsRequired(JsonElement spec) => spec.TryGetProperty("required", out var required)
        ? required.ValueKind != JsonValueKind.False
        : !(spec.TryGetProperty("optional", out var optional) && optional.ValueKind == JsonValueKind.True);

    private static string? Name(JsonElement spec) => spec.TryGetProperty("name", out var name) ? Text(name) : null;

    // Columns may be numbered.
    private static string? Text(JsonElement name) => name.ValueKind switch
    {
        JsonValueKind.String => name.GetString(),
        JsonValueKind.Null => null,
        _ => name.GetRawText(),
    };
}
