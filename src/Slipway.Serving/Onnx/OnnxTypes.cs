using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>The numbers by which ONNX names types.</summary>
internal static class OnnxTypes
{
    private static readonly Dictionary<int, ElementType> ByNumber = new()
    {
        [1] = ElementType.Float32,
        [2] = ElementType.UInt8,
        [3] = ElementType.Int8,
        [4] = ElementType.UInt16,
        [5] = ElementType.Int16,
        [6] = ElementType.Int32,
        [7] = ElementType.Int64,
        [8] = ElementType.Text,
        [9] = ElementType.Boolean,
        [11] = ElementType.Float64,
        [12] = ElementType.UInt32,
        [13] = ElementType.UInt64,
    };

    private static readonly Dictionary<ElementType, int> ByType = ByNumber.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Null for a type that is not served, such as half floats and complex numbers.</summary>
    public static ElementType? Find(int number) => ByNumber.TryGetValue(number, out var type) ? type : null;

    public static int Number(ElementType type) => ByType[type];

    /// <summary>How many bytes a value takes; text has no fixed size.</summary>
    public static int Size(ElementType type) => type switch
    {
        ElementType.Boolean or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        _ => 8,
    };
}
