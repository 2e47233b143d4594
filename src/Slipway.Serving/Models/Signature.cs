using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Models;

/// <summary>What a model takes and answers, as it was logged.</summary>
/// <param name="Inputs">Null when nothing is said, and then nothing is checked.</param>
/// <param name="Outputs">The same for answers.</param>
/// <param name="Parameters">Null when the model takes none.</param>
internal sealed record Signature(Schema? Inputs, Schema? Outputs, IReadOnlyList<ParameterSpec>? Parameters);

/// <summary>All columns, or all tensors: one of the two lists is empty.</summary>
internal sealed record Schema(IReadOnlyList<ColumnSpec> Columns, IReadOnlyList<TensorSpec> Tensors)
{
    public bool IsTensors => Tensors.Count > 0;

    /// <summary>Columns and tensors have names, all of them or none.</summary>
    public bool IsNamed => IsTensors ? Tensors[0].Name is not null : Columns.Count > 0 && Columns[0].Name is not null;
}

/// <summary>One column of a data frame.</summary>
internal sealed record ColumnSpec(string? Name, DataType Type, bool Required);

/// <summary>One tensor; a dimension of -1 is free.</summary>
/// <param name="Name">Null when there is only one and it has no name.</param>
/// <param name="DataType">NumPy's name of the type, for messages.</param>
/// <param name="Type">What the values are held as; <see cref="ElementType.Json"/> for NumPy's <c>object</c>.</param>
/// <param name="Shape">The dimensions.</param>
internal sealed record TensorSpec(string? Name, string DataType, ElementType Type, IReadOnlyList<long> Shape);

/// <summary>One param.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, of each item if it is a list.</param>
/// <param name="Default">What stands when it is not sent.</param>
/// <param name="IsList">Whether it is a list.</param>
internal sealed record ParameterSpec(string Name, DataType Type, JsonElement Default, bool IsList);
