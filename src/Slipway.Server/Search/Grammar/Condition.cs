using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>What must be true of a value.</summary>
internal abstract record Condition
{
    /// <summary>The same as SQL about a column.</summary>
    public abstract Sql On(Sql column, Dialect dialect);

    /// <summary>The same about any of some rows, so where there is no row it is false.</summary>
    /// <param name="rows">The table and what must hold of its rows, such as <c>t where t.key = …</c>.</param>
    /// <param name="column">The column that is compared.</param>
    /// <param name="dialect">The database's own words.</param>
    public virtual Sql OnAny(Sql rows, Sql column, Dialect dialect) => Exists(Sql.Of($"{rows} and {On(column, dialect)}"));

    // The offset keeps PostgreSQL from turning each clause into a join: planning eight of them would take it longer than any search.
    protected static Sql Exists(Sql rows) => Sql.Of($"exists (select 1 from {rows} limit 1 offset 0)");
}

/// <summary>About text; there is one value unless the comparator takes a list.</summary>
internal sealed record TextCondition(Comparator Comparator, IReadOnlyList<string> Values) : Condition
{
    public override Sql On(Sql column, Dialect dialect) => Comparator switch
    {
        Comparator.Equal => Sql.Of($"{column} = {Values[0]}"),
        Comparator.NotEqual => Sql.Of($"{column} <> {Values[0]}"),
        Comparator.Like => dialect.Like(column, Values[0]),
        Comparator.ILike => dialect.ILike(column, Values[0]),
        Comparator.In => Sql.Of($"{column} in {Values}"),
        _ => Sql.Of($"{column} not in {Values}"),
    };
}

/// <summary>About an integer or a double: each database compares either with either.</summary>
internal sealed record NumberCondition(Comparator Comparator, NumberLiteral Value) : Condition
{
    public override Sql On(Sql column, Dialect dialect)
    {
        var value = Value.Int64 is { } whole ? Sql.Of($"{whole}") : Sql.Of($"{Value.Double}");
        return Comparator switch
        {
            Comparator.Equal => Sql.Of($"{column} = {value}"),
            Comparator.NotEqual => Sql.Of($"{column} <> {value}"),
            Comparator.Less => Sql.Of($"{column} < {value}"),
            Comparator.LessOrEqual => Sql.Of($"{column} <= {value}"),
            Comparator.Greater => Sql.Of($"{column} > {value}"),
            _ => Sql.Of($"{column} >= {value}"),
        };
    }
}

/// <summary>About whether there is a value at all.</summary>
internal sealed record PresenceCondition(bool IsPresent) : Condition
{
    public override Sql On(Sql column, Dialect dialect) => IsPresent ? Sql.Of($"{column} is not null") : Sql.Of($"{column} is null");

    public override Sql OnAny(Sql rows, Sql column, Dialect dialect) =>
        IsPresent ? Exists(rows) : Sql.Of($"not {Exists(rows)}");
}

/// <summary>True of nothing.</summary>
internal sealed record NeverCondition : Condition
{
    public override Sql On(Sql column, Dialect dialect) => Sql.Of($"1 = 0");
}
