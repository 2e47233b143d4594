using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>A data frame out of JSON; a cell that was not sent is undefined, which is as good as null.</summary>
internal sealed class JsonTable(IReadOnlyList<string> names, bool isNamed, int rows, JsonElement[] cells) : RawTable(names, isNamed, rows)
{
    public override Tensor Cast(int column, DataType type)
    {
        var values = Column(column);
        if (type.IsScalar)
        {
            return JsonCast.ToColumn(values, ElementTypes.Of(type.Kind), Name(column));
        }

        foreach (var value in values)
        {
            TypeCheck.Check(value, type, Name(column));
        }

        return Tensor.Column(ElementType.Json, values);
    }

    public override Tensor Cast(int column, ElementType type)
    {
        var values = Column(column);
        return Array.Exists(values, value => value.ValueKind == JsonValueKind.Array)
            ? NestedArray.Build(values, type, Name(column))
            : JsonCast.ToColumn(values, type, Name(column));
    }

    public override Tensor Infer(int column)
    {
        var values = Column(column);
        return JsonCast.ToColumn(values, JsonInference.OfColumn(values), Name(column));
    }

    /// <summary>The cells of a column.</summary>
    public JsonElement[] Column(int column)
    {
        var values = new JsonElement[Rows];
        for (var row = 0; row < Rows; row++)
        {
            values[row] = cells[(row * Names.Count) + column];
        }

        return values;
    }

    private string Name(int column) => $"column '{Names[column]}'";
}
