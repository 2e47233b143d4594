using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>The two forms of arrays in JSON: by row in <c>instances</c>, by column in <c>inputs</c>.</summary>
internal static class ArrayForms
{
    public static ScoringInput ReadInstances(JsonElement instances, Schema? schema)
    {
        if (instances.ValueKind != JsonValueKind.Array)
        {
            throw ScoringFault.BadInput("'instances' has to be a list.");
        }

        return IsListOfObjects(instances) ? ReadObjects(Columns(instances), schema) : ReadArray(instances, schema);
    }

    public static ScoringInput ReadInputs(JsonElement inputs, Schema? schema) => inputs.ValueKind switch
    {
        JsonValueKind.Object => ReadObjects(Properties(inputs), schema),
        JsonValueKind.Array when IsListOfObjects(inputs) && schema is null => new JsonInput(inputs, IsBare: false),
        JsonValueKind.Array when IsListOfObjects(inputs) && !schema!.IsTensors => TableEnforcer.Enforce(TableForms.ReadRecords(inputs, "inputs"), schema),
        JsonValueKind.Array when IsListOfObjects(inputs) => throw ScoringFault.BadInput("This model takes tensors: send an array, or an object of arrays by name."),
        _ => ReadArray(inputs, schema),
    };

    /// <summary>An object's properties; of two with the same name the last, as in Python.</summary>
    public static Dictionary<string, JsonElement> Properties(JsonElement value)
    {
        var properties = new Dictionary<string, JsonElement>();
        foreach (var property in value.EnumerateObject())
        {
            properties[property.Name] = property.Value;
        }

        return properties;
    }

    private static ScoringInput ReadArray(JsonElement array, Schema? schema)
    {
        if (schema is null)
        {
            return new TensorInput(NestedArray.Build(array, null, "the input"));
        }

        if (schema.IsTensors)
        {
            return TensorEnforcer.Enforce(array, schema.Tensors);
        }

        return array.ValueKind == JsonValueKind.Array
            ? TableEnforcer.Enforce(TableForms.FromRows(array, null, "inputs"), schema)
            : TableEnforcer.Enforce(new JsonTable(RawTable.Numbered(1), isNamed: false, 1, [array]), schema);
    }

    private static ScoringInput ReadObjects(Dictionary<string, JsonElement> columns, Schema? schema)
    {
        if (schema is null)
        {
            return new NamedInput([.. columns.Select(column => new NamedTensor(column.Key, NestedArray.Build(column.Value, null, $"'{column.Key}'")))]);
        }

        return schema.IsTensors ? TensorEnforcer.Enforce(columns, schema.Tensors) : TableEnforcer.Enforce(ToTable(columns), schema);
    }

    // An object of single values is one row.
    private static JsonTable ToTable(Dictionary<string, JsonElement> columns)
    {
        var isRow = columns.Values.All(value => value.ValueKind != JsonValueKind.Array);
        var lists = columns.Values.Select(value => value.ValueKind == JsonValueKind.Array && !isRow ? value.EnumerateArray().ToArray() : [value]).ToList();
        var rows = lists.Count == 0 ? 0 : lists[0].Length;
        if (lists.Exists(list => list.Length != rows))
        {
            throw Unequal();
        }

        var cells = new JsonElement[RawTable.CellCount(rows, lists.Count)];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell] = lists[cell % lists.Count][cell / lists.Count];
        }

        return new JsonTable([.. columns.Keys], isNamed: true, rows, cells);
    }

    private static Dictionary<string, JsonElement> Columns(JsonElement instances)
    {
        var table = TableForms.ReadRecords(instances, "instances");
        var columns = new Dictionary<string, JsonElement>();
        for (var index = 0; index < table.Names.Count; index++)
        {
            var values = table.Column(index);
            columns[table.Names[index]] = Array.Exists(values, value => value.ValueKind == JsonValueKind.Undefined) ? throw Unequal() : JsonSerializer.SerializeToElement(values);
        }

        return columns;
    }

    private static bool IsListOfObjects(JsonElement list) => list.GetArrayLength() > 0 && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

    private static ScoringFault Unequal() => ScoringFault.BadInput("The length of values for each input/column name are not the same.");
}
