using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>experiments</c>.</summary>
internal static class Experiments
{
    public static Task<ExperimentRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where id = {id}", Map, cancellationToken);

    public static async Task<ExperimentRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await FindAsync(reader, id, cancellationToken) ?? throw Unknown(id);

    public static Task<ExperimentRow?> FindByNameAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where name = {name}", Map, cancellationToken);

    /// <summary>The id of an experiment, as a list in other statements.</summary>
    public static Sql ListOf(string name) => Sql.Of($"({new Lookup(Sql.Of($"select id from experiments where name = {name}"))})");

    /// <summary>Keeps these from being deleted until the transaction ends; others may share them.</summary>
    public static async Task<Dictionary<long, ExperimentRow>> ShareAsync(Writer writer, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var rows = await writer.ListAsync(
            $"{Select} where id in {ids} order by id {writer.Dialect.ForShare}",
            Map,
            cancellationToken);
        return rows.ToDictionary(row => row.Id);
    }

    public static Fault Unknown(long id) => Fault.NotFound($"No Experiment with id={id} exists");

    /// <summary>The experiments of these ids, given as what can stand after <c>in</c>, without their tags.</summary>
    public static Query Each(Sql ids, Action<ExperimentRow> take) => new($"{Select} where id in {ids}", row => take(Map(row)));

    /// <summary>The rows of these ids, in their order, with their tags.</summary>
    public static async Task<List<ExperimentRow>> LoadAsync(Reader reader, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, ExperimentRow>();
        var tags = new List<(long Experiment, Pair Tag)>();
        foreach (var some in ids.Chunk(500))
        {
            var chosen = Sql.Of($"{some}");
            await reader.EachAsync([Each(chosen, row => rows.Add(row.Id, row)), ExperimentTags.Each(chosen, (experiment, tag) => tags.Add((experiment, tag)))], cancellationToken);
        }

        var byExperiment = tags.ToLookup(tag => tag.Experiment, tag => tag.Tag);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id] with { Tags = [.. byExperiment[id]] })];
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

    /// <summary>Those that were deleted before a time and have neither runs nor logged models any more, by id; the first stays.</summary>
    public static Task<List<Erasing.Erasable>> ErasableAsync(Reader reader, long until, (long After, int Limit) page, CancellationToken cancellationToken) => reader.ListAsync(
        $"select id, name, id, artifact_location from experiments where {Erasable(until)} and id > {page.After} order by id limit {page.Limit}",
        Erasing.Erasable.Map,
        cancellationToken);

    public static Task<bool> IsErasableAsync(Reader reader, long id, long until, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from experiments where id = {id} and {Erasable(until)}", cancellationToken);

    /// <summary>Removes the experiment for good.</summary>
    public static async Task EraseAsync(Change change, long id, CancellationToken cancellationToken)
    {
        await ExperimentTags.RemoveAllAsync(change, id, cancellationToken);
        await InputDatasets.RemoveAllAsync(change, id, cancellationToken);
        await change.ExecuteAsync($"delete from experiments where id = {id}", cancellationToken);
    }

    private static Sql Erasable(long until) => Sql.Of($"""
        (id <> 0 and deleted_at <= {until} and not exists (select 1 from runs r where r.experiment = experiments.id)
            and not exists (select 1 from logged_models m where m.experiment = experiments.id))
        """);

    private static Sql Select => Sql.Of($"select id, name, artifact_location, created_at, updated_at, deleted_at from experiments");

    private static ExperimentRow Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5));
}
