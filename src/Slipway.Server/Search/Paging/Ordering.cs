using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>The columns that put rows into one order without ties.</summary>
internal sealed record Ordering(IReadOnlyList<SortColumn> Columns)
{
    public IReadOnlyList<ColumnType> Types => [.. Columns.Select(column => column.Type)];

    public Sql Selected => Sql.Join(", ", Columns.Select(column => column.Expression));

    /// <summary>By position in the select list, in which the id comes first.</summary>
    public Sql OrderBy => Sql.Join(", ", Columns.Select((column, index) => Sql.Of($"{SqlNumber.Of(index + 2)}{(column.Descending ? Sql.Of($" desc") : Sql.Of($""))}")));

    /// <summary>What is true of all rows behind the one with these values.</summary>
    public Sql IsBehind(IReadOnlyList<object> values)
    {
        var behind = Columns[^1].IsPast(values[^1]);
        for (var i = Columns.Count - 2; i >= 0; i--)
        {
            behind = Sql.Of($"({Columns[i].IsPast(values[i])} or ({Columns[i].IsAt(values[i])} and {behind}))");
        }

        // Follows from the rest, and in this form the planner can start in the middle of an index.
        return Sql.Of($"{Columns[0].IsAtOrPast(values[0])} and {behind}");
    }
}
