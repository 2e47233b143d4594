using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>freezes</c>.</summary>
internal static class Freezes
{
    public static Task<FreezeRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, pattern, stage, reason, actor, at, ends_at, lifted_at from freezes where id = {id}", Map, cancellationToken);

    /// <exception cref="Fault">There is none of this id.</exception>
    public static async Task<FreezeRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) ?? throw Fault.NotFound($"There is no freeze {id}.");

    /// <summary>Those that hold at a moment, or all that ever did; the last one first.</summary>
    /// <param name="reader">Where to look.</param>
    /// <param name="heldAt">The moment; null for all.</param>
    /// <param name="page">Those before this id, and how many at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static Task<List<FreezeRow>> ListAsync(Reader reader, long? heldAt, (long Before, int Limit) page, CancellationToken cancellationToken)
    {
        var held = heldAt is { } at ? Sql.Of($"and lifted_at is null and (ends_at is null or ends_at > {at})") : Sql.Of($"");
        return reader.ListAsync($"select id, pattern, stage, reason, actor, at, ends_at, lifted_at from freezes where id < {page.Before} {held} order by id desc limit {page.Limit}", Map, cancellationToken);
    }

    public static Task AddAsync(Change change, FreezeRow row, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into freezes (id, pattern, stage, reason, actor, at, ends_at)
            values ({row.Id}, {row.Pattern}, {row.Stage}, {row.Reason}, {row.Actor}, {row.At}, {row.EndsAt})
            """, cancellationToken);

    public static Task LiftAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.SendAsync($"update freezes set lifted_at = {change.Info.At} where id = {id}", cancellationToken);

    /// <summary>The freeze that holds for a model and a stage, the one that holds longest; null when none does.</summary>
    public static async Task<FreezeRow?> FindAsync(Reader reader, (string Model, string Stage) on, long at, CancellationToken cancellationToken)
    {
        var held = await reader.ListAsync($"""
            select id, pattern, stage, reason, actor, at, ends_at, lifted_at from freezes
            where lifted_at is null and (ends_at is null or ends_at > {at}) and (stage is null or stage = {on.Stage})
            """, Map, cancellationToken);
        return held.Where(freeze => NamePattern.Matches(freeze.Pattern, on.Model)).MaxBy(freeze => freeze.EndsAt ?? long.MaxValue);
    }

    private static FreezeRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3))
    {
        Actor = row.GetString(4),
        At = row.GetInt64(5),
        EndsAt = row.IsDBNull(6) ? null : row.GetInt64(6),
        LiftedAt = row.IsDBNull(7) ? null : row.GetInt64(7),
    };
}
