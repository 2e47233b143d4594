namespace Slipway.Serving.Models;

/// <summary>The types of columns and params in signatures.</summary>
internal enum DataKind
{
    Boolean,
    Integer,
    Long,
    Float,
    Double,
    String,
    Binary,
    DateTime,
    Array,
    Object,
    Map,
    Any,
    Vector,
}

/// <summary>A type, with what it consists of.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Items">The type of an array's items, or of a map's values.</param>
/// <param name="Properties">What an object has.</param>
internal sealed record DataType(DataKind Kind, DataType? Items = null, IReadOnlyList<PropertyType>? Properties = null)
{
    public bool IsScalar => Kind <= DataKind.DateTime;

    /// <summary>The name in a signature.</summary>
    public string Name => Kind == DataKind.Vector ? "sparkml vector" : Kind.ToString().ToLowerInvariant();

    public override string ToString() => Kind switch
    {
        DataKind.Array => $"Array({Items})",
        DataKind.Map => $"Map(str -> {Items})",
        DataKind.Object => $"{{{string.Join(", ", Properties!.Select(property => $"{property.Name}: {property.Type}{(property.Required ? "" : " (optional)")}"))}}}",
        _ => Name,
    };
}

/// <summary>One property of an object.</summary>
internal sealed record PropertyType(string Name, DataType Type, bool Required);
