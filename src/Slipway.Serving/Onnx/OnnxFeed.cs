using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>Brings what was asked into the inputs of a model.</summary>
internal static class OnnxFeed
{
    /// <summary>One tensor for each input, of its type and fitting its shape.</summary>
    /// <exception cref="ScoringFault">What was asked does not fit.</exception>
    public static Tensor[] Of(ScoringInput input, IReadOnlyList<OnnxInput> wanted) => input switch
    {
        TableInput table when wanted.Count == 1 => [Fit(Stack(table, wanted[0]), wanted[0])],
        TableInput table => [.. wanted.Select(one => Fit(Widen(Find(table.Columns, one, wanted), one), one))],
        NamedInput named when wanted.Count == 1 && named.Tensors.Count == 1 => [Fit(named.Tensors[0].Tensor, wanted[0])],
        NamedInput named => [.. wanted.Select(one => Fit(Find(named.Tensors, one, wanted), one))],
        TensorInput tensor when wanted.Count == 1 => [Fit(tensor.Tensor, wanted[0])],
        TensorInput => throw ScoringFault.Mismatch($"The model has the inputs {Names(wanted)}: send an object of arrays by name, or a data frame."),
        _ => throw ScoringFault.Mismatch("This model takes tensors; it can't be asked with a list of objects or a prompt."),
    };

    private static Tensor Stack(TableInput table, OnnxInput wanted)
    {
        var columns = new Tensor[table.Columns.Count];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = OnnxCast.To(table.Columns[index].Tensor, wanted);
        }

        var matrix = Matrix.Of(columns, table.Rows);
        return wanted.Shape.Count == 1 && matrix is { Shape: [var rows, 1] } ? matrix with { Shape = [rows] } : matrix;
    }

    // Models of scikit-learn take each column as a matrix of one column.
    private static Tensor Widen(Tensor column, OnnxInput wanted) =>
        wanted.Shape.Count == 2 && column is { Type: not ElementType.Json, Shape: [var rows] } ? column with { Shape = [rows, 1] } : column;

    private static Tensor Find(IReadOnlyList<NamedTensor> tensors, OnnxInput wanted, IReadOnlyList<OnnxInput> all) =>
        tensors.FirstOrDefault(tensor => tensor.Name == wanted.Name)?.Tensor
            ?? throw ScoringFault.Mismatch($"The input '{wanted.Name}' is missing; the model has the inputs {Names(all)}.");

    private static Tensor Fit(Tensor tensor, OnnxInput wanted)
    {
        var cast = OnnxCast.To(tensor, wanted);
        var fits = cast.Shape.Length == wanted.Shape.Count;
        for (var index = 0; fits && index < cast.Shape.Length; index++)
        {
            fits = wanted.Shape[index] < 0 || wanted.Shape[index] == cast.Shape[index];
        }

        return fits ? cast : throw ScoringFault.Mismatch($"The input '{wanted.Name}' has the shape ({string.Join(", ", cast.Shape)}) where the model wants {wanted.Description}.");
    }

    private static string Names(IReadOnlyList<OnnxInput> inputs) => string.Join(", ", inputs.Select(input => $"'{input.Name}'"));
}

/// <summary>Brings a tensor into the type that a model wants, where nothing is lost but digits of a fraction.</summary>
internal static class OnnxCast
{
    public static Tensor To(Tensor tensor, OnnxInput wanted)
    {
        if (tensor.Type == wanted.Type)
        {
            return tensor;
        }

        var what = $"the input '{wanted.Name}'";
        return tensor.Values switch
        {
            JsonElement[] cells => Array.Exists(cells, cell => cell.ValueKind == JsonValueKind.Array) && tensor.Shape.Length == 1
                ? Dense(NestedArray.Build(cells, wanted.Type, what), wanted)
                : Filled(cells, tensor.Shape, wanted.Type, what),
            double[] doubles when wanted.Type == ElementType.Float32 => tensor with { Type = wanted.Type, Values = Array.ConvertAll(doubles, value => Narrow.ToFloat(value, what)) },
            float[] floats when wanted.Type == ElementType.Float64 => tensor with { Type = wanted.Type, Values = Array.ConvertAll(floats, value => (double)value) },
            _ when IsInteger(tensor.Type) && wanted.Type is ElementType.Float32 or ElementType.Float64 => Converted(tensor, wanted.Type),
            _ when IsInteger(tensor.Type) && IsInteger(wanted.Type) => Integers(tensor, wanted.Type, what),
            _ => throw ScoringFault.Mismatch($"The input '{wanted.Name}' is {ElementTypes.Name(tensor.Type)} where the model wants {wanted.Description}."),
        };
    }

    private static bool IsInteger(ElementType type) => type is >= ElementType.Int8 and <= ElementType.UInt64;

    private static Tensor Dense(Tensor tensor, OnnxInput wanted) => tensor.Type == wanted.Type
        ? tensor
        : throw ScoringFault.Mismatch($"The lists of the input '{wanted.Name}' are not of the same length; the model wants {wanted.Description}.");

    private static Tensor Filled(JsonElement[] cells, int[] shape, ElementType type, string what)
    {
        var values = Tensor.Allocate(type, cells.Length);
        JsonCast.Fill(values, cells, type, what);
        return new Tensor(type, values, shape);
    }

    // Copying an array widens whole numbers to fractions.
    private static Tensor Converted(Tensor tensor, ElementType type)
    {
        var values = Tensor.Allocate(type, tensor.Count);
        Array.Copy(tensor.Values, values, tensor.Count);
        return tensor with { Type = type, Values = values };
    }

    private static Tensor Integers(Tensor tensor, ElementType type, string what)
    {
        var values = Tensor.Allocate(type, tensor.Count);
        for (var index = 0; index < values.Length; index++)
        {
            Narrow.Set(values, index, (Int128)Convert.ToDecimal(tensor.Values.GetValue(index), System.Globalization.CultureInfo.InvariantCulture), what);
        }

        return tensor with { Type = type, Values = values };
    }
}
