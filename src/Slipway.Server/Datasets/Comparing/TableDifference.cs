using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>What differs between two tables.</summary>
/// <param name="AreEqual">Whether their table digests are the same.</param>
/// <param name="Schema">Columns that came, went, or are of another type; empty where all are as before.</param>
/// <param name="ColumnsMoved">Whether the columns that both have stand in another order.</param>
/// <param name="Rows">Rows that came, went or changed, as far as the columns that both have tell.</param>
/// <param name="Columns">The statistics side by side: the columns of the left table, then those that only the right one has.</param>
internal sealed record TableDifference(bool AreEqual, IReadOnlyList<SchemaChange> Schema, bool ColumnsMoved, RowDifference Rows, IReadOnlyList<ColumnComparison> Columns);

/// <summary>A column that is not as it was.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Left">Its type before; null when it was not there.</param>
/// <param name="Right">Its type now; null when it is gone.</param>
internal sealed record SchemaChange(string Column, ColumnType? Left, ColumnType? Right);

/// <summary>A column's statistics in both tables.</summary>
/// <param name="Name">The column's.</param>
/// <param name="Left">Null when only the right table has it.</param>
/// <param name="Right">Null when only the left table has it.</param>
/// <param name="StabilityIndex">How far the distribution moved, see <see cref="Comparing.StabilityIndex"/>; null where there is nothing to compare.</param>
internal sealed record ColumnComparison(string Name, ColumnProfile? Left, ColumnProfile? Right, double? StabilityIndex);

/// <summary>How many rows came, went and changed.</summary>
/// <param name="Added">Rows of the right table that the left one lacks.</param>
/// <param name="Removed">Rows of the left table that the right one lacks.</param>
/// <param name="Changed">Rows whose key is in both tables and whose values are not the same; null without key columns.</param>
/// <param name="Unchanged">Rows that are in both tables.</param>
internal sealed record RowDifference(long Added, long Removed, long? Changed, long Unchanged)
{
    /// <summary>How many of the changed rows differ in a column, by its name; columns without any are left out.</summary>
    public IReadOnlyList<(string Column, long Rows)> ChangedCells { get; init; } = [];

    /// <summary>The columns whose values the samples show, the key columns first.</summary>
    public IReadOnlyList<string> SampleColumns { get; init; } = [];

    /// <summary>The first rows that were added, by their numbers in the right table.</summary>
    public IReadOnlyList<RowSample> AddedSamples { get; init; } = [];

    /// <summary>The first rows that were removed, by their numbers in the left table.</summary>
    public IReadOnlyList<RowSample> RemovedSamples { get; init; } = [];

    /// <summary>The first rows that changed.</summary>
    public IReadOnlyList<(RowSample Left, RowSample Right)> ChangedSamples { get; init; } = [];
}

/// <summary>A row to show.</summary>
/// <param name="Row">Its number, the first row below the header being 1.</param>
/// <param name="Values">The values of the shared columns as text, cut where they are long.</param>
internal sealed record RowSample(long Row, IReadOnlyList<string?> Values);
