namespace Slipway.Wire.Datasets;

/// <summary>Asks what differs between two versions (<c>GET datasets/{name}/diff</c>).</summary>
/// <param name="A">One version, an alias, or <c>latest</c>.</param>
/// <param name="B">The other.</param>
public sealed record DatasetDiffRequest(string? A, string? B)
{
    /// <summary>The columns whose values name a row; none compares whole rows, as multisets.</summary>
    public IReadOnlyList<string>? Key { get; init; }

    /// <summary>The file to compare as a table; needed where several are.</summary>
    public string? Path { get; init; }
}

/// <summary>What differs between two versions.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="A">One version.</param>
/// <param name="B">The other.</param>
/// <param name="SameBytes">Whether their byte digests are equal.</param>
/// <param name="Files">What became of the files.</param>
public sealed record DatasetDiff(string Name, string A, string B, bool SameBytes, FileDiff Files)
{
    /// <summary>What became of the table; absent where there is not one on both sides.</summary>
    public DatasetTableDiff? Table { get; init; }

    /// <summary>Why no table is compared.</summary>
    public string? Note { get; init; }
}

/// <summary>What became of the files, by their paths.</summary>
/// <param name="Unchanged">How many are the same.</param>
/// <param name="Added">Those that only the second version has, up to 100.</param>
/// <param name="Removed">Those that only the first version has, up to 100.</param>
/// <param name="Changed">Those with other bytes, up to 100.</param>
public sealed record FileDiff(long Unchanged, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    /// <summary>How many were added.</summary>
    public required long AddedCount { get; init; }

    /// <summary>How many were removed.</summary>
    public required long RemovedCount { get; init; }

    /// <summary>How many changed.</summary>
    public required long ChangedCount { get; init; }
}

/// <summary>What became of a table.</summary>
/// <param name="SameValues">Whether the table digests are equal.</param>
/// <param name="Schema">Columns that came, went, or are of another type.</param>
/// <param name="ColumnsMoved">Whether the columns that both have stand in another order.</param>
/// <param name="Rows">What became of the rows.</param>
/// <param name="Columns">Statistics side by side.</param>
public sealed record DatasetTableDiff(bool SameValues, IReadOnlyList<ColumnChange> Schema, bool ColumnsMoved, RowDiff Rows, IReadOnlyList<ColumnDiff> Columns);

/// <summary>A column that is not as it was.</summary>
/// <param name="Column">Its name.</param>
/// <param name="A">Its type before; absent when it was not there.</param>
/// <param name="B">Its type now; absent when it is gone.</param>
public sealed record ColumnChange(string Column, string? A, string? B);

/// <summary>What became of the rows, as far as the columns that both tables have tell.</summary>
/// <param name="Added">Rows that only the second table has.</param>
/// <param name="Removed">Rows that only the first table has.</param>
/// <param name="Changed">Rows whose key is in both and whose values differ; absent without key columns.</param>
/// <param name="Unchanged">Rows that are in both.</param>
public sealed record RowDiff(long Added, long Removed, long? Changed, long Unchanged)
{
    /// <summary>The columns whose values the samples show, in their order; the key columns first.</summary>
    public required IReadOnlyList<string> SampleColumns { get; init; }

    /// <summary>How many of the changed rows differ in a column; columns without any are left out.</summary>
    public IReadOnlyList<ChangedCells>? ChangedCells { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<SampleRow>? AddedSamples { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<SampleRow>? RemovedSamples { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ChangedSample>? ChangedSamples { get; init; }
}

/// <summary>How many rows changed in a column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Rows">How many.</param>
public sealed record ChangedCells(string Column, long Rows);

/// <summary>A row to show.</summary>
/// <param name="Row">Its number in its table, the first below the header being 1.</param>
/// <param name="Values">As text, cut where they are long; null for no value.</param>
public sealed record SampleRow(long Row, IReadOnlyList<string?> Values);

/// <summary>A row that changed.</summary>
/// <param name="A">As it was.</param>
/// <param name="B">As it is.</param>
public sealed record ChangedSample(SampleRow A, SampleRow B);

/// <summary>A column's statistics in both tables.</summary>
/// <param name="Column">Its name.</param>
/// <param name="A">Absent when only the second table has it.</param>
/// <param name="B">Absent when only the first table has it.</param>
/// <param name="StabilityIndex">The population stability index; absent where there is nothing to compare.</param>
public sealed record ColumnDiff(string Column, ColumnStatistics? A, ColumnStatistics? B, double? StabilityIndex);
