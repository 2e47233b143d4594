namespace Slipway.Store.Postgres;

internal sealed class PostgresDialect : Dialect
{
    internal override IReadOnlyDictionary<string, string> ColumnTypes { get; } = new Dictionary<string, string>
    {
        ["{id}"] = "bigint primary key",
        ["{text}"] = "text collate \"C\"",
        ["{bytes}"] = "bytea",
        ["{clustered}"] = "",
    };

    public override Sql ForUpdate => Sql.Of($"for no key update");

    public override Sql ForShare => Sql.Of($"for share");

    // Without an escape character a backslash is a backslash, as in SQLite.
    public override Sql Like(Sql value, string pattern) => Sql.Of($"{value} like {pattern} escape ''");

    public override Sql ILike(Sql value, string pattern) => Sql.Of($"lower({value}) collate \"C\" like lower({pattern} collate \"C\") escape ''");

    // The planner here has statistics and is left to choose.
    public override Sql NoIndex(Sql column) => column;
}
