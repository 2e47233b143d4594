using System.Data.Common;
using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Every statement that touches <c>grants</c>: what users and groups may do with an object.</summary>
internal static class Grants
{
    /// <summary>What is granted on the object to any of these.</summary>
    public static Task<List<Grant>> OfAsync(Reader reader, Securable on, IReadOnlyCollection<long> subjects, CancellationToken cancellationToken) =>
        reader.ListAsync($"select subject, level, promote, approve, break_glass from grants where kind = {on.Kind} and object = {on.Id} and subject in {subjects}", Map, cancellationToken);

    /// <summary>Everything that is granted on the object, with the names of users or groups.</summary>
    public static Task<List<(Grant Grant, string? User, string? Group)>> OnAsync(Reader reader, Securable on, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select g.subject, g.level, g.promote, g.approve, g.break_glass, u.name, s.name
            from grants g left join users u on u.id = g.subject left join user_groups s on s.id = g.subject
            where g.kind = {on.Kind} and g.object = {on.Id}
            order by case when u.name is null then 1 else 0 end, u.name, s.name
            """, row => (Map(row), row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6)), cancellationToken);

    /// <summary>Everything that is granted to any of these, with what it is on; objects that are gone are left out.</summary>
    public static Task<List<(Grant Grant, string Kind, string Object)>> HeldByAsync(Reader reader, IReadOnlyCollection<long> subjects, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select g.subject, g.level, g.promote, g.approve, g.break_glass, g.kind, coalesce(m.name, d.name, cast(e.id as text)) as object
            from grants g
            left join registered_models m on g.kind = {Securable.ModelKind} and m.id = g.object
            left join datasets d on g.kind = {Securable.DatasetKind} and d.id = g.object
            left join experiments e on g.kind = {Securable.ExperimentKind} and e.id = g.object
            where g.subject in {subjects} and (m.id is not null or d.id is not null or e.id is not null)
            order by g.kind, object, g.subject
            """, row => (Map(row), row.GetString(5), row.GetString(6)), cancellationToken);

    /// <summary>The levels that are granted to a user or a group on experiments, by their ids.</summary>
    public static Task<List<(string Object, AccessLevel Level)>> OnExperimentsAsync(Reader reader, long subject, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select object, level from grants where subject = {subject} and kind = {Securable.ExperimentKind} and level is not null order by object",
            row => (row.GetInt64(0).ToString(CultureInfo.InvariantCulture), (AccessLevel)row.GetInt64(1)),
            cancellationToken);

    /// <summary>The levels that are granted to a user or a group on registered models, by their names.</summary>
    public static Task<List<(string Object, AccessLevel Level)>> OnModelsAsync(Reader reader, long subject, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"""
            select m.name, g.level from grants g join registered_models m on m.id = g.object
            where g.subject = {subject} and g.kind = {Securable.ModelKind} and g.level is not null order by m.name
            """,
            row => (row.GetString(0), (AccessLevel)row.GetInt64(1)),
            cancellationToken);

    /// <summary>Says anew what the subject may do with the object.</summary>
    public static Task SetAsync(Change change, Securable on, Grant grant, CancellationToken cancellationToken) => grant.IsEmpty
        ? change.ExecuteAsync($"delete from grants where kind = {on.Kind} and object = {on.Id} and subject = {grant.Subject}", cancellationToken)
        : change.ExecuteAsync($"""
            insert into grants (kind, object, subject, level, promote, approve, break_glass)
            values ({on.Kind}, {on.Id}, {grant.Subject}, {(long?)grant.Level}, {Number(grant.MayPromote)}, {Number(grant.MayApprove)}, {Number(grant.MayBreakGlass)})
            on conflict (kind, object, subject) do update set
                level = excluded.level, promote = excluded.promote, approve = excluded.approve, break_glass = excluded.break_glass
            """, cancellationToken);

    public static Task RemoveAllAsync(Change change, Securable on, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from grants where kind = {on.Kind} and object = {on.Id}", cancellationToken);

    /// <summary>Forgets everything that is granted to a user or a group that is going.</summary>
    public static Task RemoveAllAsync(Change change, long subject, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from grants where subject = {subject}", cancellationToken);

    private static long Number(bool flag) => flag ? 1 : 0;

    private static Grant Map(DbDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : (AccessLevel)row.GetInt64(1))
    {
        MayPromote = row.GetInt64(2) == 1,
        MayApprove = row.GetInt64(3) == 1,
        MayBreakGlass = row.GetInt64(4) == 1,
    };
}

/// <summary>What a user or a group may do with an object.</summary>
/// <param name="Subject">The user or the group.</param>
/// <param name="Level">Null says nothing, so that groups and the default decide.</param>
internal sealed record Grant(long Subject, AccessLevel? Level)
{
    /// <summary>Whether it says nothing at all.</summary>
    public bool IsEmpty => Level is null && !MayPromote && !MayApprove && !MayBreakGlass;

    public bool MayPromote { get; init; }

    public bool MayApprove { get; init; }

    public bool MayBreakGlass { get; init; }
}
