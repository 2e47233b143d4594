using System.Data.Common;
using Slipway.Server.Search;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that touches <c>registered_models</c> and <c>registered_model_tags</c>.</summary>
internal static class RegisteredModels
{
    public static Task<RegisteredModelRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where name = {name}", Map, cancellationToken);

    public static async Task<RegisteredModelRow> GetAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, cancellationToken) ?? throw Unknown(name);

    /// <summary>The internal id of a model, as a value in other statements.</summary>
    public static Lookup IdOf(string name) => new(Sql.Of($"select id from registered_models where name = {name}"));

    /// <summary>Asks whether there is a model of that name.</summary>
    public static Query Named(string name, Action<RegisteredModelRow> take) => new($"{Select} where name = {name}", row => take(Map(row)));

    public static Fault Unknown(string name) => Fault.NotFound($"Registered Model with name={name} not found");

    /// <summary>Every model's id and name, by name.</summary>
    public static Task<List<(long Id, string Name)>> NamesAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"select id, name from registered_models order by name", row => (row.GetInt64(0), row.GetString(1)), cancellationToken);

    /// <summary>Every model that has a version in a stage other than those that are always there.</summary>
    public static Task<List<(long Id, string Name)>> HoldingAsync(Reader reader, string stage, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select distinct m.id, m.name from model_versions v join registered_models m on m.id = v.model
            where v.stage = {stage} and v.stage not in ('None', 'Archived')
            """, row => (row.GetInt64(0), row.GetString(1)), cancellationToken);

    /// <summary>The rows of these ids, in their order, with all that belongs to them.</summary>
    public static async Task<List<RegisteredModelRow>> LoadAsync(Reader reader, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, RegisteredModelRow>(ids.Count);
        foreach (var some in ids.Chunk(512))
        {
            var tags = await TagsAsync(reader, some, cancellationToken);
            var aliases = await ModelAliases.OfModelsAsync(reader, some, cancellationToken);
            var latest = (await ModelVersions.LatestAsync(reader, some, cancellationToken)).ToLookup(version => version.Model);
            await reader.EachAsync($"{Select} where id in {some}", row =>
            {
                var model = Map(row);
                rows.Add(model.Id, model with { Tags = [.. tags[model.Id]], Aliases = [.. aliases[model.Id]], LatestVersions = [.. latest[model.Id]] });
            }, cancellationToken);
        }

        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    public static Task AddAsync(Change change, RegisteredModelRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into registered_models (id, name, description, created_at, updated_at, last_version)
            values ({row.Id}, {row.Name}, {row.Description}, {row.CreatedAt}, {row.UpdatedAt}, 0)
            """, cancellationToken);

    public static Task DescribeAsync(Change change, long id, string? description, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update registered_models set description = {description}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task RenameAsync(Change change, long id, string name, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update registered_models set name = {name}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task TouchAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.SendAsync($"update registered_models set updated_at = {change.Info.At} where id = {id}", cancellationToken);

    /// <summary>The number of the model's next version; it is never given again while the model lives.</summary>
    public static Task<long> TakeVersionAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.FindAsync($"update registered_models set last_version = last_version + 1, updated_at = {change.Info.At} where id = {id} returning last_version", row => row.GetInt64(0), cancellationToken);

    /// <summary>Removes the model for good, once nothing belongs to it any more.</summary>
    public static async Task RemoveAsync(Change change, long id, CancellationToken cancellationToken)
    {
        await change.ExecuteAsync($"delete from registered_model_tags where model = {id}", cancellationToken);
        await change.ExecuteAsync($"delete from registered_models where id = {id}", cancellationToken);
    }

    public static Task SetTagAsync(Change change, long id, Pair tag, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into registered_model_tags (model, key, value) values ({id}, {tag.Key}, {tag.Value})
            on conflict (model, key) do update set value = excluded.value
            """, cancellationToken);

    public static Task DeleteTagAsync(Change change, long id, string key, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from registered_model_tags where model = {id} and key = {key}", cancellationToken);

    public static Task<bool> IsPromptAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from registered_model_tags where model = {id} and key = {PromptRule.Tag} and value = {PromptRule.Yes}", cancellationToken);

    private static Sql Select => Sql.Of($"select id, name, description, created_at, updated_at from registered_models");

    private static async Task<ILookup<long, Pair>> TagsAsync(Reader reader, long[] models, CancellationToken cancellationToken)
    {
        var tags = await reader.ListAsync(
            $"select model, key, value from registered_model_tags where model in {models} order by model, key",
            row => (Model: row.GetInt64(0), Tag: new Pair(row.GetString(1), row.GetString(2))),
            cancellationToken);
        return tags.ToLookup(tag => tag.Model, tag => tag.Tag);
    }

    private static RegisteredModelRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3), row.GetInt64(4));
}
