namespace Slipway.Store;

/// <summary>How rows of one kind enter one table, written once for both databases.</summary>
/// <param name="table">The table.</param>
/// <param name="onConflict">What follows the rows, such as <c>on conflict do nothing</c>.</param>
/// <param name="columns">Where each column's value comes from.</param>
public sealed class BulkInsert<T>(string table, string onConflict, params Column<T>[] columns)
{
    internal IReadOnlyList<Column<T>> Columns { get; } = columns;

    internal string Head { get; } = $"insert into {table} ({string.Join(", ", columns.Select(column => column.Name))})";

    internal string Tail { get; } = onConflict;
}

/// <summary>A column and how a row fills it.</summary>
public abstract record Column<T>(string Name);

/// <inheritdoc/>
public sealed record Int64Column<T>(string Name, Func<T, long?> Value) : Column<T>(Name);

/// <inheritdoc/>
public sealed record TextColumn<T>(string Name, Func<T, string?> Value) : Column<T>(Name);

/// <inheritdoc/>
public sealed record DoubleColumn<T>(string Name, Func<T, double> Value) : Column<T>(Name);
