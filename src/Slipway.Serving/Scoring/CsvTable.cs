using System.Collections.Frozen;
using System.Globalization;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>A data frame out of CSV, whose first record names the columns. Values are read strictly, as pandas reads them.</summary>
internal sealed class CsvTable : RawTable
{
    // What pandas takes for a missing value.
    private static readonly FrozenSet<string> Missing = FrozenSet.Create(
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null");

    private readonly List<string[]> _records;

    private CsvTable(List<string[]> records)
        : base(records[0], isNamed: true, records.Count - 1) => _records = records;

    /// <exception cref="ScoringFault">It has no header, or a record has more fields than that.</exception>
    public static CsvTable Parse(string text)
    {
        var records = CsvText.Parse(text);
        if (records.Count == 0)
        {
            throw ScoringFault.BadInput("The CSV is empty: its first line has to name the columns.");
        }

        CellCount(records.Count - 1, records[0].Length);
        var line = records.FindIndex(record => record.Length > records[0].Length);
        return line < 0
            ? new CsvTable(records)
            : throw ScoringFault.BadInput($"Record {line} of the CSV has {records[line].Length} fields, and its header {records[0].Length}.");
    }

    public override Tensor Cast(int column, DataType type) => type.IsScalar
        ? Cast(column, ElementTypes.Of(type.Kind))
        : throw ScoringFault.BadInput($"Column '{Names[column]}' is of type '{type}', which CSV can't hold: send JSON.");

    public override Tensor Cast(int column, ElementType type)
    {
        var values = Tensor.Allocate(type, Rows);
        for (var row = 0; row < Rows; row++)
        {
            Set(values, row, Cell(row, column), (type, $"column '{Names[column]}'"));
        }

        return Tensor.Column(type, values);
    }

    public override Tensor Infer(int column)
    {
        var cells = Enumerable.Range(0, Rows).Select(row => Cell(row, column)).ToList();
        var present = cells.OfType<string>().ToList();
        if (present.Count == Rows && present.TrueForAll(cell => long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            return Cast(column, ElementType.Int64);
        }

        if (present.TrueForAll(cell => Numbers.TryParse(cell, out _)))
        {
            return Cast(column, ElementType.Float64);
        }

        return Cast(column, present.Count == Rows && present.TrueForAll(cell => bool.TryParse(cell, out _)) ? ElementType.Boolean : ElementType.Text);
    }

    private string? Cell(int row, int column)
    {
        var record = _records[row + 1];
        return column < record.Length && !Missing.Contains(record[column]) ? record[column] : null;
    }

    private static void Set(Array values, int row, string? cell, (ElementType Type, string What) into)
    {
        switch (values)
        {
            case double[] doubles:
                doubles[row] = ToDouble(cell, into);
                break;
            case float[] floats:
                floats[row] = Narrow.ToFloat(ToDouble(cell, into), into.What);
                break;
            case bool[] booleans:
                booleans[row] = bool.TryParse(cell, out var flag) ? flag : throw Failed(cell, into, "true or false");
                break;
            case string?[] texts:
                texts[row] = cell;
                break;
            case DateTime?[] times:
                times[row] = cell is null ? null : Numbers.ToTime(cell) ?? throw Failed(cell, into, "a date");
                break;
            case byte[]?[] bytes:
                bytes[row] = cell is null ? null : LenientBase64.Decode(cell, into.What);
                break;
            case System.Text.Json.JsonElement[] elements:
                elements[row] = System.Text.Json.JsonSerializer.SerializeToElement(cell);
                break;
            default:
                Narrow.Set(values, row, Int128.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Failed(cell, into, "an integer"), into.What);
                break;
        }
    }

    private static double ToDouble(string? cell, (ElementType Type, string What) into) =>
        cell is null ? double.NaN : Numbers.TryParse(cell, out var number) ? number : throw Failed(cell, into, "a number");

    private static ScoringFault Failed(string? cell, (ElementType Type, string What) into, string wanted) =>
        JsonCast.Failed(into.What, into.Type, cell is null ? "a value is missing." : $"'{cell}' is not {wanted}.");
}
