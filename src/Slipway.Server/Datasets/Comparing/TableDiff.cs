using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Compares two tables: schema, rows and statistics.</summary>
internal static class TableDiff
{
    /// <param name="left">What was before.</param>
    /// <param name="right">What is now.</param>
    /// <param name="options">How to compare.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="Fault">The key columns name no row, or a table can't be read.</exception>
    public static async Task<TableDifference> CompareAsync(TableSource left, TableSource right, TableDiffOptions options, CancellationToken cancellationToken)
    {
        var before = await left.ProfileAsync(cancellationToken);
        var after = await right.ProfileAsync(cancellationToken);
        var shared = SharedColumns.Of(before, after, options.Keys);

        // Without a column in common, no row of one table is one of the other.
        var rows = shared.Count == 0
            ? new RowDifference(after.Rows, before.Rows, Changed: null, Unchanged: 0)
            : await new RowComparison(left, right, shared, options.ScratchFolder).CompareAsync(Math.Max(before.Rows, after.Rows), cancellationToken);
        return new TableDifference(before.Digest == after.Digest, Schema(before, after), HaveMoved(before, after), rows, Columns(before, after));
    }

    private static List<SchemaChange> Schema(TableProfile left, TableProfile right)
    {
        var types = right.Columns.ToDictionary(column => column.Name, column => (ColumnType?)column.Type);
        var known = left.Columns.Select(column => column.Name).ToHashSet();
        return [.. left.Columns.Select(column => new SchemaChange(column.Name, column.Type, types.GetValueOrDefault(column.Name)))
            .Concat(right.Columns.Where(column => !known.Contains(column.Name)).Select(column => new SchemaChange(column.Name, Left: null, column.Type)))
            .Where(change => change.Left != change.Right)];
    }

    private static bool HaveMoved(TableProfile left, TableProfile right)
    {
        var (before, after) = (left.Columns.Select(column => column.Name).ToList(), right.Columns.Select(column => column.Name).ToList());
        return !before.Where(after.ToHashSet().Contains).SequenceEqual(after.Where(before.ToHashSet().Contains));
    }

    private static List<ColumnComparison> Columns(TableProfile left, TableProfile right)
    {
        var after = right.Columns.ToDictionary(column => column.Name);
        var before = left.Columns.ToDictionary(column => column.Name);
        return [.. left.Columns.Concat(right.Columns.Where(column => !before.ContainsKey(column.Name)))
            .Select(column => Compare(column.Name, before.GetValueOrDefault(column.Name), after.GetValueOrDefault(column.Name)))];
    }

    private static ColumnComparison Compare(string name, ColumnProfile? left, ColumnProfile? right) =>
        new(name, left, right, left is null || right is null ? null : StabilityIndex.Between(left, right));
}

/// <summary>How to compare two tables.</summary>
/// <param name="Keys">The columns whose values name a row; none to compare whole rows, as multisets.</param>
/// <param name="ScratchFolder">A folder for what memory does not hold; nothing stays in it.</param>
internal sealed record TableDiffOptions(IReadOnlyList<string> Keys, string ScratchFolder);
