using System.Data.Common;
using Slipway.Server.Delivery.Trials;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Every statement that touches <c>rollouts</c>.</summary>
internal static class Rollouts
{
    public static Task<RolloutRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where r.id = {id}", Map, cancellationToken);

    /// <exception cref="Fault">There is none of this id.</exception>
    public static async Task<RolloutRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) ?? throw Fault.NotFound($"There is no rollout {id}.");

    /// <summary>The one under way for a model in an environment; null when none is.</summary>
    public static Task<RolloutRow?> FindUnderWayAsync(Reader reader, (string Environment, long Model) of, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where r.environment = {of.Environment} and r.model = {of.Model} and r.ended_at is null", Map, cancellationToken);

    /// <summary>The last one of a promotion; null when it has none.</summary>
    public static Task<RolloutRow?> FindOfPromotionAsync(Reader reader, long promotion, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where r.promotion = {promotion} order by r.id desc limit 1", Map, cancellationToken);

    /// <summary>Those under way in an environment.</summary>
    public static Task<List<RolloutRow>> UnderWayAsync(Reader reader, string environment, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where r.environment = {environment} and r.ended_at is null order by r.id", Map, cancellationToken);

    /// <summary>The trials of a model that are under way.</summary>
    public static Task<List<RolloutRow>> TrialsUnderWayAsync(Reader reader, long model, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where r.model = {model} and r.kind = {RolloutKind.Trial} and r.ended_at is null order by r.id", Map, cancellationToken);

    /// <summary>The last ones of a model.</summary>
    public static Task<List<RolloutRow>> OfModelAsync(Reader reader, string model, int limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where m.name = {model} order by r.id desc limit {limit}", Map, cancellationToken);

    public static async Task AddAsync(Change change, RolloutRow row, CancellationToken cancellationToken)
    {
        await change.SendAsync($"""
            insert into rollouts (id, environment, model, version, from_version, promotion, kind, state, phase, step, requester, created_at, updated_at)
            values ({row.Id}, {row.Environment}, {row.Model}, {row.Version}, {row.From}, {row.Promotion}, {row.Kind}, {row.State}, {row.Phase}, {row.Step},
                {row.Requester}, {row.CreatedAt}, {row.UpdatedAt})
            """, cancellationToken);
        if (row.Trial is { } trial)
        {
            await change.SendAsync($"""
                update rollouts set percent = {trial.Percent}, duration = {trial.Duration}, samples = {trial.Samples}, metrics = {string.Join(',', trial.Metrics)}, tried_in = {trial.Stage}
                where id = {row.Id}
                """, cancellationToken);
        }
    }

    /// <summary>Notes how far it is; no more than a note, for the gateway knows.</summary>
    public static Task NoteAsync(Writer writer, (long Id, string Phase, long Step, long? EndsAt) seen, long at, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update rollouts set phase = {seen.Phase}, step = {seen.Step}, ends_at = {seen.EndsAt}, updated_at = {at} where id = {seen.Id} and ended_at is null", cancellationToken);

    /// <summary>Ends one that is under way; false when it is not any more.</summary>
    public static async Task<bool> EndAsync(Change change, long id, RolloutEnd end, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"""
            update rollouts set state = {end.State}, signal = {end.Signal}, reason = {end.Reason}, updated_at = {change.Info.At}, ended_at = {change.Info.At}
            where id = {id} and ended_at is null
            """, cancellationToken) == 1;

    private static Sql Select => Sql.Of($"""
        select r.id, r.environment, r.model, r.version, m.name, v.version, r.from_version, f.version, r.promotion, r.kind, r.state, r.phase, r.step, r.signal,
            r.reason, r.requester, r.created_at, r.updated_at, r.ended_at, r.percent, r.duration, r.samples, r.metrics, r.tried_in, r.ends_at
        from rollouts r join registered_models m on m.id = r.model join model_versions v on v.id = r.version left join model_versions f on f.id = r.from_version
        """);

    private static RolloutRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3))
    {
        ModelName = row.GetString(4),
        Number = row.GetInt64(5),
        From = row.IsDBNull(6) ? null : row.GetInt64(6),
        FromNumber = row.IsDBNull(7) ? null : row.GetInt64(7),
        Promotion = row.IsDBNull(8) ? null : row.GetInt64(8),
        Kind = row.GetString(9),
        State = row.GetString(10),
        Phase = row.GetString(11),
        Step = row.GetInt64(12),
        Signal = row.IsDBNull(13) ? null : row.GetString(13),
        Reason = row.IsDBNull(14) ? null : row.GetString(14),
        Requester = row.GetString(15),
        CreatedAt = row.GetInt64(16),
        UpdatedAt = row.GetInt64(17),
        EndedAt = row.IsDBNull(18) ? null : row.GetInt64(18),
        Trial = row.IsDBNull(19) ? null : MapTrial(row),
    };

    private static TrialTerms MapTrial(DbDataReader row) =>
        new(row.GetDouble(19), row.GetInt64(20), row.GetInt64(21), row.GetString(22).Split(',', StringSplitOptions.RemoveEmptyEntries), row.GetString(23))
        {
            EndsAt = row.IsDBNull(24) ? null : row.GetInt64(24),
        };
}

/// <summary>How a rollout ended.</summary>
/// <param name="State">One of <see cref="RolloutOutcome"/>.</param>
/// <param name="Signal">What decided; null when nothing spoke against it.</param>
/// <param name="Reason">In a sentence, with the numbers.</param>
internal sealed record RolloutEnd(string State, string? Signal, string? Reason);
