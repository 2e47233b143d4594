using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>An expression to sort by, which is never null.</summary>
internal sealed record SortColumn(Sql Expression, bool Descending, ColumnType Type)
{
    public Sql IsPast(object value) => Descending ? Sql.Of($"{Expression} < {Hole(value)}") : Sql.Of($"{Expression} > {Hole(value)}");

    public Sql IsAtOrPast(object value) => Descending ? Sql.Of($"{Expression} <= {Hole(value)}") : Sql.Of($"{Expression} >= {Hole(value)}");

    public Sql IsAt(object value) => Sql.Of($"{Expression} = {Hole(value)}");

    public object Read(DbDataReader row, int index) => Type switch
    {
        ColumnType.Int64 => row.GetInt64(index),
        ColumnType.Double => row.GetDouble(index),
        _ => row.GetString(index),
    };

    private static Sql Hole(object value) => value switch
    {
        long number => Sql.Of($"{number}"),
        double number => Sql.Of($"{number}"),
        _ => Sql.Of($"{(string)value}"),
    };
}

internal enum ColumnType
{
    Int64,
    Double,
    Text,
}
