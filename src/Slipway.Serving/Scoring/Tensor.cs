using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>Values of one type in one array, the last dimension changing fastest; a column is a tensor of one dimension.</summary>
/// <param name="Type">What the values are.</param>
/// <param name="Values">An array of the .NET type that belongs to <paramref name="Type"/>, as long as the product of the dimensions.</param>
/// <param name="Shape">The dimensions; none for a single value.</param>
internal sealed record Tensor(ElementType Type, Array Values, int[] Shape)
{
    /// <summary>How many values there are.</summary>
    public int Count => Values.Length;

    /// <summary>How many rows there are: the first dimension.</summary>
    public int Rows => Shape.Length == 0 ? 1 : Shape[0];

    public static Tensor Column(ElementType type, Array values) => new(type, values, [values.Length]);

    /// <summary>An empty array for so many values.</summary>
    public static Array Allocate(ElementType type, int count) => type switch
    {
        ElementType.Boolean => new bool[count],
        ElementType.Int8 => new sbyte[count],
        ElementType.UInt8 => new byte[count],
        ElementType.Int16 => new short[count],
        ElementType.UInt16 => new ushort[count],
        ElementType.Int32 => new int[count],
        ElementType.UInt32 => new uint[count],
        ElementType.Int64 => new long[count],
        ElementType.UInt64 => new ulong[count],
        ElementType.Float32 => new float[count],
        ElementType.Float64 => new double[count],
        ElementType.Text => new string?[count],
        ElementType.Bytes => new byte[]?[count],
        ElementType.Time => new DateTime?[count],
        _ => new JsonElement[count],
    };
}

/// <summary>A tensor with the name of its column, input or output.</summary>
internal sealed record NamedTensor(string Name, Tensor Tensor);
