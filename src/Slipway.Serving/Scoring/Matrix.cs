namespace Slipway.Serving.Scoring;

/// <summary>Puts columns side by side.</summary>
internal static class Matrix
{
    /// <summary>One row for each row of the columns, all of one type.</summary>
    public static Tensor Of(IReadOnlyList<Tensor> columns, int rows)
    {
        if (columns is [{ Shape.Length: > 1 } whole])
        {
            return whole;
        }

        var type = columns.Count == 0 ? ElementType.Float64 : columns[0].Type;
        var values = Tensor.Allocate(type, rows * columns.Count);
        switch (values)
        {
            case double[] doubles: Interleave(doubles, columns); break;
            case float[] floats: Interleave(floats, columns); break;
            case string?[] texts: Interleave(texts, columns); break;
            default: Interleave(values, columns); break;
        }

        return new Tensor(type, values, [rows, columns.Count]);
    }

    private static void Interleave<T>(T[] target, IReadOnlyList<Tensor> columns)
    {
        for (var column = 0; column < columns.Count; column++)
        {
            var source = (T[])columns[column].Values;
            for (var row = 0; row < source.Length; row++)
            {
                target[(row * columns.Count) + column] = source[row];
            }
        }
    }

    private static void Interleave(Array target, IReadOnlyList<Tensor> columns)
    {
        for (var column = 0; column < columns.Count; column++)
        {
            for (var row = 0; row < columns[column].Count; row++)
            {
                Array.Copy(columns[column].Values, row, target, (row * columns.Count) + column, 1);
            }
        }
    }
}
