using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>experiments</c>.</summary>
internal static class Experiments
{
    public static Task<ExperimentRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, name, artifact_location, created_at, updated_at, deleted_at from experiments where id = {id}", Map, cancellationToken);

    public static async Task<ExperimentRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) ?? throw Unknown(id);

    public static Task<ExperimentRow?> FindByNameAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, name, artifact_location, created_at, updated_at, deleted_at from experiments where name = {name}", Map, cancellationToken);

    /// <summary>Keeps these from being deleted until the transaction ends; others may share them.</summary>
    public static async Task<Dictionary<long, ExperimentRow>> ShareAsync(Writer writer, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var rows = await writer.ListAsync(
            $"select id, name, artifact_location, created_at, updated_at, deleted_at from experiments where id in {ids} order by id {writer.Dialect.ForShare}",
            Map,
            cancellationToken);
        return rows.ToDictionary(row => row.Id);
    }

    public static Fault Unknown(long id) => Fault.NotFound($"No Experiment with id={id} exists");

    /// <summary>The rows of these ids, in their order, with their tags.</summary>
    public static async Task<List<ExperimentRow>> LoadAsync(Reader reader, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, ExperimentRow>();
        foreach (var some in ids.Chunk(500))
        {
            var tags = await ExperimentTags.OfAsync(reader, some, cancellationToken);
            await reader.EachAsync($"select id, name, artifact_location, created_at, updated_at, deleted_at from experiments where id in {some}", row =>
            {
                var experiment = Map(row);
                rows.Add(experiment.Id, experiment with { Tags = [.. tags[experiment.Id]] });
            }, cancellationToken);
        }

        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>Adds it, unless the name is taken.</summary>
    public static async Task<bool> TryAddAsync(Change change, ExperimentRow row, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"""
            insert into experiments (id, name, artifact_location, created_at, updated_at, deleted_at)
            values ({row.Id}, {row.Name}, {row.ArtifactLocation}, {row.CreatedAt}, {row.UpdatedAt}, {row.DeletedAt})
            on conflict do nothing
            """, cancellationToken) == 1;

    public static Task RenameAsync(Change change, long id, string name, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update experiments set name = {name}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task SetDeletedAsync(Change change, long id, bool deleted, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update experiments set deleted_at = {(deleted ? change.Info.At : (long?)null)}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    private static ExperimentRow Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5));
}
