using System.Globalization;

namespace Slipway.Serving.Scoring;

/// <summary>Puts numbers into narrower types, and refuses what does not fit.</summary>
internal static class Narrow
{
    public static float ToFloat(double value, string what)
    {
        var narrow = (float)value;
        return float.IsFinite(narrow) || !double.IsFinite(value) ? narrow : throw TooLarge(value, ElementType.Float32, what);
    }

    public static void Set(Array target, int index, Int128 value, string what)
    {
        // Asked by the elements' own type: an array of ints passes for one of unsigned ints.
        var type = Type.GetTypeCode(target.GetType().GetElementType());
        try
        {
            target.SetValue(Narrowed(type, value), index);
        }
        catch (OverflowException)
        {
            throw ScoringFault.Mismatch(string.Create(CultureInfo.InvariantCulture, $"Failed to convert {what}: {value} does not fit {type.ToString().ToLowerInvariant()}."));
        }
    }

    private static object Narrowed(TypeCode type, Int128 value) => checked(type switch
    {
        TypeCode.SByte => (sbyte)value,
        TypeCode.Byte => (byte)value,
        TypeCode.Int16 => (short)value,
        TypeCode.UInt16 => (ushort)value,
        TypeCode.Int32 => (int)value,
        TypeCode.UInt32 => (uint)value,
        TypeCode.UInt64 => (ulong)value,
        _ => (object)(long)value,
    });

    private static ScoringFault TooLarge(double value, ElementType type, string what) =>
        ScoringFault.Mismatch(string.Create(CultureInfo.InvariantCulture, $"Failed to convert {what}: {value} does not fit {ElementTypes.Name(type)}."));
}
