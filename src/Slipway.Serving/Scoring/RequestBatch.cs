namespace Slipway.Serving.Scoring;

/// <summary>Joins requests that are alike, and takes their answers apart again.</summary>
internal static class RequestBatch
{
    /// <summary>How many rows a request has; 0 when it can't be joined with others.</summary>
    public static int Rows(ScoringRequest request) => request switch
    {
        { Parameters.Count: > 0 } => 0,
        { Input: TableInput table } => table.Columns.All(column => column.Tensor.Shape.Length == 1) ? table.Rows : 0,
        { Input: TensorInput { Tensor: { Shape.Length: > 1, Type: not ElementType.Json } tensor } } => tensor.Rows,
        _ => 0,
    };

    /// <summary>Whether two requests have the same columns, or arrays of the same form.</summary>
    public static bool AreAlike(ScoringRequest one, ScoringRequest other) => (one.Input, other.Input) switch
    {
        (TableInput table, TableInput second) => table.IsNamed == second.IsNamed && table.Columns.Count == second.Columns.Count
            && table.Columns.Zip(second.Columns).All(pair => pair.First.Name == pair.Second.Name && pair.First.Tensor.Type == pair.Second.Tensor.Type),
        (TensorInput tensor, TensorInput second) => tensor.Tensor.Type == second.Tensor.Type && tensor.Tensor.Shape.AsSpan(1).SequenceEqual(second.Tensor.Shape.AsSpan(1)),
        _ => false,
    };

    public static ScoringRequest Join(IReadOnlyList<ScoringRequest> requests)
    {
        if (requests[0].Input is TensorInput)
        {
            return new ScoringRequest(new TensorInput(Join([.. requests.Select(request => ((TensorInput)request.Input).Tensor)])), ScoringRequest.NoParameters);
        }

        var tables = requests.Select(request => (TableInput)request.Input).ToList();
        var columns = tables[0].Columns.Select((column, index) => new NamedTensor(column.Name, Join([.. tables.Select(table => table.Columns[index].Tensor)])));
        return new ScoringRequest(new TableInput([.. columns], tables.Sum(table => table.Rows), tables[0].IsNamed), ScoringRequest.NoParameters);
    }

    /// <summary>One answer for each request; null when the answer has no rows that could be told apart.</summary>
    public static IReadOnlyList<ScoringOutput>? Split(ScoringOutput output, IReadOnlyList<int> rows)
    {
        var total = rows.Sum();
        var starts = rows.Select((_, index) => rows.Take(index).Sum()).ToList();
        IEnumerable<(int Start, int Rows)> parts = starts.Zip(rows);
        return output switch
        {
            TensorOutput { Tensor.Shape.Length: > 0 } tensor when tensor.Tensor.Rows == total => [.. parts.Select(part => new TensorOutput(Slice(tensor.Tensor, part)))],
            RowsOutput table when table.Rows == total => [.. parts.Select(part => new RowsOutput(Slice(table.Columns, part), part.Rows))],
            NamedOutput named when named.Tensors.All(tensor => tensor.Tensor.Shape.Length > 0 && tensor.Tensor.Rows == total) => [.. parts.Select(part => new NamedOutput(Slice(named.Tensors, part)))],
            _ => null,
        };
    }

    private static Tensor Join(IReadOnlyList<Tensor> tensors)
    {
        var values = Tensor.Allocate(tensors[0].Type, tensors.Sum(tensor => tensor.Count));
        var at = 0;
        foreach (var tensor in tensors)
        {
            Array.Copy(tensor.Values, 0, values, at, tensor.Count);
            at += tensor.Count;
        }

        return new Tensor(tensors[0].Type, values, [tensors.Sum(tensor => tensor.Rows), .. tensors[0].Shape.AsSpan(1)]);
    }

    private static IReadOnlyList<NamedTensor> Slice(IReadOnlyList<NamedTensor> tensors, (int Start, int Rows) part) =>
        [.. tensors.Select(tensor => tensor with { Tensor = Slice(tensor.Tensor, part) })];

    private static Tensor Slice(Tensor tensor, (int Start, int Rows) part)
    {
        var width = tensor.Rows == 0 ? 0 : tensor.Count / tensor.Rows;
        var values = Tensor.Allocate(tensor.Type, part.Rows * width);
        Array.Copy(tensor.Values, part.Start * width, values, 0, values.Length);
        return new Tensor(tensor.Type, values, [part.Rows, .. tensor.Shape.AsSpan(1)]);
    }
}
