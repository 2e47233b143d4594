using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>The two forms of a data frame in JSON, and a data frame out of arrays.</summary>
internal static class TableForms
{
    public static JsonTable ReadSplit(JsonElement split)
    {
        if (split.ValueKind != JsonValueKind.Object || !split.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
        {
            throw ScoringFault.BadInput("'dataframe_split' has to be an object with 'data', a list of rows, and may have 'columns' and 'index'.");
        }

        foreach (var property in split.EnumerateObject())
        {
            if (property.Name is not ("columns" or "index" or "data"))
            {
                throw ScoringFault.BadInput($"'dataframe_split' has the key '{property.Name}'; it may have 'columns', 'index' and 'data'.");
            }
        }

        var names = split.TryGetProperty("columns", out var columns) && columns.ValueKind != JsonValueKind.Null ? ReadNames(columns) : null;
        return FromRows(data, names, "dataframe_split");
    }

    public static JsonTable ReadRecords(JsonElement records, string key)
    {
        if (records.ValueKind != JsonValueKind.Array)
        {
            throw ScoringFault.BadInput($"'{key}' has to be a list of objects.");
        }

        var places = new Dictionary<string, int>();
        foreach (var record in records.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object)
            {
                throw ScoringFault.BadInput($"'{key}' has to be a list of objects.");
            }

            foreach (var property in record.EnumerateObject())
            {
                places.TryAdd(property.Name, places.Count);
            }
        }

        return FromRecords(records, places);
    }

    /// <summary>A data frame of a list of rows, or of a list of values as its only column.</summary>
    public static JsonTable FromRows(JsonElement data, IReadOnlyList<string>? names, string key)
    {
        var rows = data.GetArrayLength();
        var width = names?.Count ?? (rows == 0 ? 0 : Width(data[0]));
        foreach (var row in data.EnumerateArray())
        {
            if (Width(row) != width)
            {
                throw ScoringFault.BadInput($"A row of '{key}' has {Width(row)} values where {width} are wanted.");
            }
        }

        var cells = new JsonElement[RawTable.CellCount(rows, width)];
        var at = 0;
        foreach (var row in data.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Array)
            {
                cells[at++] = row;
                continue;
            }

            foreach (var cell in row.EnumerateArray())
            {
                cells[at++] = cell;
            }
        }

        return new JsonTable(names ?? RawTable.Numbered(width), names is not null, rows, cells);
    }

    private static int Width(JsonElement row) => row.ValueKind == JsonValueKind.Array ? row.GetArrayLength() : 1;

    private static List<string> ReadNames(JsonElement columns) => columns.ValueKind == JsonValueKind.Array
        ? [.. columns.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText())]
        : throw ScoringFault.BadInput("'columns' of 'dataframe_split' has to be a list of names.");

    private static JsonTable FromRecords(JsonElement records, Dictionary<string, int> places)
    {
        var rows = records.GetArrayLength();
        var cells = new JsonElement[RawTable.CellCount(rows, places.Count)];
        var start = 0;
        foreach (var record in records.EnumerateArray())
        {
            foreach (var property in record.EnumerateObject())
            {
                cells[start + places[property.Name]] = property.Value;
            }

            start += places.Count;
        }

        return new JsonTable([.. places.Keys], isNamed: true, rows, cells);
    }
}
