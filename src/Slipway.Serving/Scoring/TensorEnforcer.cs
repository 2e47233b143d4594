using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>Casts what was sent to a signature of tensors and checks it against it.</summary>
internal static class TensorEnforcer
{
    /// <summary>A list or a single value.</summary>
    /// <exception cref="ScoringFault">It does not fit.</exception>
    public static ScoringInput Enforce(JsonElement array, IReadOnlyList<TensorSpec> specs) => specs[0].Name is null
        ? new TensorInput(Build(array, specs[0], "the input"))
        : throw ScoringFault.Schema($"This model's signature has the named tensors {Names(specs)}: send an object of arrays by these names.");

    /// <summary>Arrays by name.</summary>
    /// <exception cref="ScoringFault">They do not fit.</exception>
    public static ScoringInput Enforce(IReadOnlyDictionary<string, JsonElement> arrays, IReadOnlyList<TensorSpec> specs)
    {
        if (specs[0].Name is null)
        {
            throw ScoringFault.BadInput("This model's signature is one tensor without a name: send an array in place of an object.");
        }

        var missing = specs.Where(spec => !arrays.ContainsKey(spec.Name!)).Select(spec => spec.Name!).ToList();
        return missing.Count == 0
            ? new NamedInput([.. specs.Select(spec => new NamedTensor(spec.Name!, Build(arrays[spec.Name!], spec, $"tensor '{spec.Name}'")))])
            : throw TableEnforcer.Missing(missing, [.. arrays.Keys.Except(specs.Select(spec => spec.Name!))]);
    }

    /// <summary>A data frame: its columns side by side for a tensor without a name, else a column for each tensor.</summary>
    /// <exception cref="ScoringFault">It does not fit.</exception>
    public static ScoringInput Enforce(RawTable table, IReadOnlyList<TensorSpec> specs)
    {
        if (specs[0].Name is null)
        {
            return new TensorInput(Checked(Matrix.Of([.. table.Names.Select((_, index) => table.Cast(index, specs[0].Type))], table.Rows), specs[0]));
        }

        var missing = specs.Where(spec => table.Find(spec.Name!) < 0).Select(spec => spec.Name!).ToList();
        return missing.Count == 0
            ? new NamedInput([.. specs.Select(spec => new NamedTensor(spec.Name!, Column(table, spec)))])
            : throw TableEnforcer.Missing(missing, [.. table.Names.Except(specs.Select(spec => spec.Name!))]);
    }

    private static Tensor Build(JsonElement array, TensorSpec spec, string what)
    {
        var tensor = NestedArray.Build(array, spec.Type == ElementType.Json ? null : spec.Type, what);
        return tensor.Type == ElementType.Json && spec.Type != ElementType.Json ? Ragged(tensor, spec) : Checked(tensor, spec);
    }

    // Lists of different lengths can only be where a dimension after the first is free.
    private static Tensor Ragged(Tensor tensor, TensorSpec spec) => spec.Shape.Skip(1).Contains(-1)
        ? tensor
        : throw ScoringFault.Schema($"The lists of the input are not of the same length, and shape {Text(spec.Shape)} is wanted.");

    // The cells of a column are stacked, and brought into the tensor's form row by row.
    private static Tensor Column(RawTable table, TensorSpec spec)
    {
        var stacked = table.Cast(table.Find(spec.Name!), spec.Type);
        var rest = spec.Shape.Skip(1).ToArray();
        if (Array.TrueForAll(rest, dimension => dimension > 0) && stacked.Rows > 0 && stacked.Count / stacked.Rows == rest.Aggregate(1L, (product, dimension) => product * dimension))
        {
            stacked = stacked with { Shape = [stacked.Rows, .. rest.Select(dimension => (int)dimension)] };
        }

        return Checked(stacked, spec);
    }

    private static Tensor Checked(Tensor tensor, TensorSpec spec)
    {
        var fits = tensor.Shape.Length == spec.Shape.Count;
        for (var index = 0; fits && index < tensor.Shape.Length; index++)
        {
            fits = spec.Shape[index] < 0 || spec.Shape[index] == tensor.Shape[index];
        }

        return fits ? tensor : throw ScoringFault.Schema($"Shape of input {Text(Array.ConvertAll(tensor.Shape, dimension => (long)dimension))} does not match expected shape {Text(spec.Shape)}.");
    }

    private static string Text(IReadOnlyList<long> shape) => shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    private static string Names(IReadOnlyList<TensorSpec> specs) => string.Join(", ", specs.Select(spec => $"'{spec.Name}'"));
}
