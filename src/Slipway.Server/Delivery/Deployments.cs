using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Every statement that touches <c>deployments</c>.</summary>
internal static class Deployments
{
    /// <summary>Those that live in an environment.</summary>
    public static Task<List<DeploymentRow>> LivingAsync(Reader reader, string environment, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where d.environment = {environment} and d.ended_at is null order by d.id", Map, cancellationToken);

    /// <summary>The environments, in force or not, in which something lives.</summary>
    public static Task<List<string>> UsedEnvironmentsAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"select distinct environment from deployments where ended_at is null", row => row.GetString(0), cancellationToken);

    /// <summary>Where these versions have the traffic.</summary>
    public static async Task<ILookup<long, string>> ServedInAsync(Reader reader, IReadOnlyCollection<long> versions, CancellationToken cancellationToken) =>
        (await reader.ListAsync($"select version, environment from deployments where version in {versions} and role = {DeploymentPlace.Stable} and ended_at is null order by environment", row => (Version: row.GetInt64(0), Environment: row.GetString(1)), cancellationToken))
            .ToLookup(row => row.Version, row => row.Environment);

    /// <summary>The digests of the files of all that lives, wherever.</summary>
    public static Task<List<string>> LivingDigestsAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"select distinct v.manifest_digest from deployments d join model_versions v on v.id = d.version where d.ended_at is null and v.manifest_digest is not null", row => row.GetString(0), cancellationToken);

    /// <summary>What is, and lately was, served of a model, the newest first.</summary>
    public static Task<List<DeploymentRow>> OfModelAsync(Reader reader, string model, int limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where m.name = {model} order by case when d.ended_at is null then 0 else 1 end, d.id desc limit {limit}", Map, cancellationToken);

    /// <summary>A living one of a model; null when there is none in this role.</summary>
    public static Task<DeploymentRow?> FindAsync(Reader reader, (string Environment, long Model) of, string role, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where d.environment = {of.Environment} and d.model = {of.Model} and d.role = {role} and d.ended_at is null", Map, cancellationToken);

    public static Task AddAsync(Change change, DeploymentRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into deployments (id, environment, model, version, rollout, role, since)
            values ({row.Id}, {row.Environment}, {row.Model}, {row.Version}, {row.Rollout}, {row.Role}, {row.Since})
            """, cancellationToken);

    public static Task SetRoleAsync(Change change, long id, string role, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update deployments set role = {role}, since = {change.Info.At} where id = {id}", cancellationToken);

    public static Task EndAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update deployments set ended_at = {change.Info.At} where id = {id} and ended_at is null", cancellationToken);

    private static Sql Select => Sql.Of($"""
        select d.id, d.environment, d.model, d.version, m.name, v.version, d.rollout, d.role, d.since, d.ended_at
        from deployments d join registered_models m on m.id = d.model join model_versions v on v.id = d.version
        """);

    private static DeploymentRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3))
    {
        ModelName = row.GetString(4),
        Number = row.GetInt64(5),
        Rollout = row.GetInt64(6),
        Role = row.GetString(7),
        Since = row.GetInt64(8),
        EndedAt = row.IsDBNull(9) ? null : row.GetInt64(9),
    };
}
