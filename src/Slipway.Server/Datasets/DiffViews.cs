using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Datasets.Typing;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Comparisons as the native API shows them.</summary>
internal static class DiffViews
{
    private const int Shown = 100;

    public static FileDiff Files(IReadOnlyList<DatasetFileRow> a, IReadOnlyList<DatasetFileRow> b)
    {
        var before = a.ToDictionary(file => file.Path, file => file.Sha256);
        var after = b.ToDictionary(file => file.Path, file => file.Sha256);
        var added = b.Where(file => !before.ContainsKey(file.Path)).Select(file => file.Path).ToList();
        var removed = a.Where(file => !after.ContainsKey(file.Path)).Select(file => file.Path).ToList();
        var changed = a.Where(file => after.TryGetValue(file.Path, out var sha256) && sha256 != file.Sha256).Select(file => file.Path).ToList();
        return new FileDiff(a.Count - removed.Count - changed.Count, [.. added.Take(Shown)], [.. removed.Take(Shown)], [.. changed.Take(Shown)])
        {
            AddedCount = added.Count,
            RemovedCount = removed.Count,
            ChangedCount = changed.Count,
        };
    }

    public static DatasetTableDiff ToWire(TableDifference difference) => new(
        difference.AreEqual,
        [.. difference.Schema.Select(change => new ColumnChange(change.Column, change.Left?.Name(), change.Right?.Name()))],
        difference.ColumnsMoved,
        ToWire(difference.Rows),
        [.. difference.Columns.Select(column => new ColumnDiff(column.Name, column.Left is null ? null : DatasetViews.ToWire(column.Left), column.Right is null ? null : DatasetViews.ToWire(column.Right), column.StabilityIndex))]);

    private static RowDiff ToWire(RowDifference rows) => new(rows.Added, rows.Removed, rows.Changed, rows.Unchanged)
    {
        SampleColumns = rows.SampleColumns,
        ChangedCells = rows.ChangedCells.Count == 0 ? null : [.. rows.ChangedCells.Select(cells => new ChangedCells(cells.Column, cells.Rows))],
        AddedSamples = Samples(rows.AddedSamples),
        RemovedSamples = Samples(rows.RemovedSamples),
        ChangedSamples = rows.ChangedSamples.Count == 0 ? null : [.. rows.ChangedSamples.Select(pair => new ChangedSample(ToWire(pair.Left), ToWire(pair.Right)))],
    };

    private static List<SampleRow>? Samples(IReadOnlyList<RowSample> rows) => rows.Count == 0 ? null : [.. rows.Select(ToWire)];

    private static SampleRow ToWire(RowSample row) => new(row.Row, row.Values);
}
