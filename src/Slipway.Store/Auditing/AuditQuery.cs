namespace Slipway.Store.Auditing;

/// <summary>Which entries to find; what is not given does not matter.</summary>
public sealed record AuditQuery
{
    /// <summary>Models and what belongs to them, each under one name for some time.</summary>
    public IReadOnlyList<AuditScope>? Scopes { get; init; }

    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? Outcome { get; init; }

    public string? Promotion { get; init; }

    /// <summary>Not before this time, in milliseconds.</summary>
    public long? From { get; init; }

    /// <summary>Not after this time, in milliseconds.</summary>
    public long? To { get; init; }

    public bool IsOldestFirst { get; init; }

    /// <summary>The last entry that was seen already.</summary>
    public long? Cursor { get; init; }

    public int Limit { get; init; } = int.MaxValue;

    internal Sql ToSql() => Sql.Join(" and ", Conditions());

    private IEnumerable<Sql> Conditions()
    {
        yield return Sql.Of($"a.seq > 0");
        if (Scopes is not null)
        {
            yield return Sql.Of($"({Sql.Join(" or ", Scopes.Select(scope => scope.ToSql()))})");
        }

        if (Actor is not null)
        {
            yield return Sql.Of($"a.actor = {Actor}");
        }

        if (Action is not null)
        {
            yield return Sql.Of($"a.action = {Action}");
        }

        if (Outcome is not null)
        {
            yield return Sql.Of($"a.outcome = {Outcome}");
        }

        if (Promotion is not null)
        {
            yield return Sql.Of($"a.seq in (select seq from audit_about where resource = {"promotions/" + Promotion})");
        }

        foreach (var bound in Bounds())
        {
            yield return bound;
        }
    }

    // Time never goes back along the log, so a time is a place in it.
    private IEnumerable<Sql> Bounds()
    {
        if (From is { } from)
        {
            yield return Sql.Of($"a.seq >= coalesce((select seq from audit where at >= {from} order by at, seq limit 1), {long.MaxValue})");
        }

        if (To is { } to)
        {
            yield return Sql.Of($"a.seq <= coalesce((select seq from audit where at <= {to} order by at desc, seq desc limit 1), 0)");
        }

        if (Cursor is { } cursor)
        {
            yield return IsOldestFirst ? Sql.Of($"a.seq > {cursor}") : Sql.Of($"a.seq < {cursor}");
        }
    }
}

/// <summary>What the log tells of a model while it had a name.</summary>
/// <param name="Resource">The model or one of its versions; what is below it belongs to it.</param>
/// <param name="After">The entry behind which this begins.</param>
/// <param name="Last">The last entry that belongs to it.</param>
public sealed record AuditScope(string Resource, long After = 0, long Last = long.MaxValue)
{
    internal Sql ToSql() => Sql.Of($"""
        (a.seq > {After} and a.seq <= {Last} and a.seq in (
            select seq from audit where {Below}
            union all select seq from audit_about where {Below}))
        """);

    // '0' is the character behind '/'.
    private Sql Below => Sql.Of($"(resource = {Resource} or (resource >= {Resource + "/"} and resource < {Resource + "0"}))");
}
