using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>Makes a tensor of nested lists.</summary>
internal static class NestedArray
{
    /// <summary>Makes a tensor of a list, or of a single value.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="type">Into what; null infers it.</param>
    /// <param name="what">Whose values they are, for messages.</param>
    /// <returns>A tensor of the lists' shape; where they are not of the same length, a column of them as they are.</returns>
    /// <exception cref="ScoringFault">A value does not fit.</exception>
    public static Tensor Build(JsonElement value, ElementType? type, string what)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Typed([value], [], type, what);
        }

        var shape = Shape(value);
        var leaves = new List<JsonElement>();
        return TryCollect(value, shape, 0, leaves)
            ? Typed([.. leaves], shape, type, what)
            : Tensor.Column(ElementType.Json, value.EnumerateArray().ToArray());
    }

    /// <summary>The same for the cells of a column, whose number is the first dimension.</summary>
    public static Tensor Build(JsonElement[] cells, ElementType type, string what)
    {
        int[] shape = [cells.Length, .. Shape(cells[0])];
        var leaves = new List<JsonElement>();
        return Array.TrueForAll(cells, cell => TryCollect(cell, shape, 1, leaves))
            ? Typed([.. leaves], shape, type, what)
            : Tensor.Column(ElementType.Json, cells);
    }

    // Read off the first of each list; whether the others are the same shows when they are collected.
    private static int[] Shape(JsonElement value)
    {
        var shape = new List<int>();
        while (value.ValueKind == JsonValueKind.Array)
        {
            var length = value.GetArrayLength();
            shape.Add(length);
            if (length == 0)
            {
                break;
            }

            value = value[0];
        }

        return [.. shape];
    }

    private static bool TryCollect(JsonElement value, int[] shape, int depth, List<JsonElement> leaves)
    {
        if (depth == shape.Length)
        {
            leaves.Add(value);
            return value.ValueKind != JsonValueKind.Array;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != shape[depth])
        {
            return false;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (!TryCollect(item, shape, depth + 1, leaves))
            {
                return false;
            }
        }

        return true;
    }

    private static Tensor Typed(JsonElement[] leaves, int[] shape, ElementType? type, string what)
    {
        var into = type ?? JsonInference.OfArray(leaves);
        if (into == ElementType.Json)
        {
            return new Tensor(into, leaves, shape);
        }

        var values = Tensor.Allocate(into, leaves.Length);
        JsonCast.Fill(values, leaves, into, what);
        return new Tensor(into, values, shape);
    }
}
