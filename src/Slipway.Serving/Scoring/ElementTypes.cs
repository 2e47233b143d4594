using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>What the types of signatures are held as.</summary>
internal static class ElementTypes
{
    public static ElementType Of(DataKind kind) => kind switch
    {
        DataKind.Boolean => ElementType.Boolean,
        DataKind.Integer => ElementType.Int32,
        DataKind.Long => ElementType.Int64,
        DataKind.Float => ElementType.Float32,
        DataKind.Double => ElementType.Float64,
        DataKind.String => ElementType.Text,
        DataKind.Binary => ElementType.Bytes,
        DataKind.DateTime => ElementType.Time,
        _ => ElementType.Json,
    };

    /// <summary>As in MLflow's messages.</summary>
    public static string Name(ElementType type) => type switch
    {
        ElementType.Text => "string",
        ElementType.Bytes => "binary",
        ElementType.Time => "datetime",
        ElementType.Json => "object",
        _ => type.ToString().ToLowerInvariant(),
    };
}
