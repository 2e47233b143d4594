using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Every statement that touches <c>promotions</c>.</summary>
internal static class Promotions
{
    public static Task<PromotionRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where p.id = {id}", Map, cancellationToken);

    /// <exception cref="Fault">There is none of this id.</exception>
    public static async Task<PromotionRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) ?? throw Fault.NotFound($"There is no promotion {id}.");

    /// <summary>The open promotion of a version into a stage that has not run out of time; null when there is none.</summary>
    public static Task<PromotionRow?> FindOpenAsync(Reader reader, (long Version, string Stage) into, long at, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where p.version = {into.Version} and p.stage = {into.Stage} and p.state in {PromotionState.Open} and p.expires_at > {at} order by p.id desc limit 1", Map, cancellationToken);

    /// <summary>The open promotions of a version, into whatever stage.</summary>
    public static Task<List<PromotionRow>> OpenOfVersionAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where p.version = {version} and p.state in {PromotionState.Open} order by p.id", Map, cancellationToken);

    /// <summary>The open promotions of a model's versions.</summary>
    public static Task<List<PromotionRow>> OpenOfModelAsync(Reader reader, string model, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where m.name = {model} and p.state in {PromotionState.Open} order by p.id", Map, cancellationToken);

    /// <summary>One of a model into a stage that lacks nothing and goes through by itself; null when there is none.</summary>
    public static Task<PromotionRow?> FindReadyAsync(Reader reader, long model, string stage, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where p.model = {model} and p.stage = {stage} and p.state = {PromotionState.Approved} and p.is_automatic <> {(long)Going.Held} order by p.id limit 1", Map, cancellationToken);

    /// <summary>The next open promotions after this id.</summary>
    public static Task<List<PromotionRow>> OpenAfterAsync(Reader reader, long after, int limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where p.state in {PromotionState.Open} and p.id > {after} order by p.id limit {limit}", Map, cancellationToken);

    /// <summary>The last promotion that brought the version into the stage; null when none did.</summary>
    public static Task<PromotionRow?> FindCompletedAsync(Reader reader, (long Version, string Stage) into, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where p.version = {into.Version} and p.stage = {into.Stage} and p.state = {PromotionState.Completed} order by p.id desc limit 1", Map, cancellationToken);

    /// <summary>Promotions that fulfil every condition, the last one first.</summary>
    /// <param name="reader">Where to look.</param>
    /// <param name="conditions">Over <c>p</c>, the promotion, and <c>m</c>, its model.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static Task<List<PromotionRow>> ListAsync(Reader reader, IReadOnlyList<Sql> conditions, int limit, CancellationToken cancellationToken) => conditions.Count == 0
        ? reader.ListAsync($"{Select} order by p.id desc limit {limit}", Map, cancellationToken)
        : reader.ListAsync($"{Select} where {Sql.Join(" and ", conditions)} order by p.id desc limit {limit}", Map, cancellationToken);

    public static Task AddAsync(Change change, PromotionRow row, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into promotions (id, model, version, stage, state, requester, requester_name, justification, is_automatic, created_at, updated_at, expires_at)
            values ({row.Id}, {row.Model}, {row.Version}, {row.Stage}, {row.State}, {row.Requester}, {row.RequesterName}, {row.Justification}, {(long)row.Going},
                {row.CreatedAt}, {row.UpdatedAt}, {row.ExpiresAt})
            """, cancellationToken);

    public static Task SetStateAsync(Change change, long id, string state, string? reason, CancellationToken cancellationToken) =>
        change.SendAsync($"update promotions set state = {state}, reason = {reason}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task SetGoingAsync(Change change, long id, Going going, CancellationToken cancellationToken) =>
        change.SendAsync($"update promotions set is_automatic = {(long)going}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    private static Sql Select => Sql.Of($"""
        select p.id, p.model, p.version, p.stage, m.name, v.version, p.state, p.requester, p.requester_name, p.justification, p.is_automatic,
            p.created_at, p.updated_at, p.expires_at, p.reason
        from promotions p join registered_models m on m.id = p.model join model_versions v on v.id = p.version
        """);

    private static PromotionRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3))
    {
        ModelName = row.GetString(4),
        Number = row.GetInt64(5),
        State = row.GetString(6),
        Requester = row.IsDBNull(7) ? null : row.GetInt64(7),
        RequesterName = row.GetString(8),
        Justification = row.GetString(9),
        Going = (Going)row.GetInt64(10),
        CreatedAt = row.GetInt64(11),
        UpdatedAt = row.GetInt64(12),
        ExpiresAt = row.GetInt64(13),
        Reason = row.IsDBNull(14) ? null : row.GetString(14),
    };
}
