namespace Slipway.Store.Sqlite;

internal sealed class SqliteDialect : Dialect
{
    internal override IReadOnlyDictionary<string, string> ColumnTypes { get; } = new Dictionary<string, string>
    {
        ["{id}"] = "integer primary key",
        ["{text}"] = "text",
        ["{bytes}"] = "blob",
        ["{clustered}"] = "without rowid",
    };

    // There is one writer, and it holds the whole database.
    public override Sql ForUpdate => Sql.Of($"");

    public override Sql ForShare => Sql.Of($"");

    // The built-in LIKE folds case, backtracks without bound and limits the pattern, so the function is ours.
    public override Sql Like(Sql value, string pattern) => Sql.Of($"slipway_like({pattern}, {value})");

    public override Sql ILike(Sql value, string pattern) => Sql.Of($"slipway_ilike({pattern}, {value})");

    public override Sql NoIndex(Sql column) => Sql.Of($"+{column}");
}
