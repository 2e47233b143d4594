using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>The type that values suggest when no signature says it: as pandas and NumPy infer it.</summary>
internal static class JsonInference
{
    [Flags]
    private enum Seen
    {
        None = 0,
        Boolean = 1,
        Integer = 2,
        Fraction = 4,
        Text = 8,
        Null = 16,
        Other = 32,
    }

    /// <summary>For a column of a data frame, where nothing among numbers is NaN.</summary>
    public static ElementType OfColumn(ReadOnlySpan<JsonElement> values) => Look(values) switch
    {
        Seen.Boolean => ElementType.Boolean,
        Seen.Integer => ElementType.Int64,
        Seen.Fraction or (Seen.Integer | Seen.Fraction) => ElementType.Float64,
        (Seen.Integer | Seen.Null) or (Seen.Fraction | Seen.Null) or (Seen.Integer | Seen.Fraction | Seen.Null) => ElementType.Float64,
        Seen.Text or (Seen.Text | Seen.Null) => ElementType.Text,
        // Without rows nothing is known; pandas says object.
        _ => ElementType.Json,
    };

    /// <summary>For an array, where everything becomes text as soon as one value is.</summary>
    public static ElementType OfArray(ReadOnlySpan<JsonElement> values)
    {
        var seen = Look(values);
        return seen switch
        {
            Seen.None => ElementType.Float64,
            Seen.Boolean => ElementType.Boolean,
            Seen.Integer or (Seen.Integer | Seen.Boolean) => ElementType.Int64,
            _ when (seen & (Seen.Null | Seen.Other)) != Seen.None => ElementType.Json,
            _ when (seen & Seen.Text) != Seen.None => ElementType.Text,
            _ => ElementType.Float64,
        };
    }

    private static Seen Look(ReadOnlySpan<JsonElement> values)
    {
        var seen = Seen.None;
        foreach (var value in values)
        {
            seen |= value.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => Seen.Boolean,
                JsonValueKind.Number => value.TryGetInt64(out _) ? Seen.Integer : Seen.Fraction,
                JsonValueKind.String => Seen.Text,
                JsonValueKind.Null or JsonValueKind.Undefined => Seen.Null,
                _ => Seen.Other,
            };
        }

        return seen;
    }
}
