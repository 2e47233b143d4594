using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that touches <c>model_versions</c>, but for its stage, which <see cref="Stages"/> owns.</summary>
internal static class ModelVersions
{
    public static Task<ModelVersionRow?> FindAsync(Reader reader, string name, long version, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where {Numbered(name, version)}", Map, cancellationToken);

    public static async Task<ModelVersionRow> GetAsync(Reader reader, string name, long version, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, version, cancellationToken) ?? throw Unknown(name, version);

    public static Fault Unknown(string name, long version) => Fault.NotFound($"Model Version (name={name}, version={version}) not found");

    /// <summary>Chooses a version by its number.</summary>
    public static Sql Numbered(string name, long version) => Sql.Of($"v.model = {RegisteredModels.IdOf(name)} and v.version = {version} and v.stage is not null");

    /// <summary>Chooses the highest version.</summary>
    public static Sql Highest(string name) => Sql.Of($"v.model = {RegisteredModels.IdOf(name)} and v.stage is not null order by v.version desc limit 1");

    /// <summary>Chooses the version that an alias points to.</summary>
    public static Sql WithAlias(string name, string alias) =>
        Sql.Of($"v.id = (select version from model_aliases where model = {RegisteredModels.IdOf(name)} and alias = {alias}) and v.stage is not null");

    /// <summary>Asks for the one version that is chosen, if there is one, with its tags and aliases.</summary>
    public static Query[] One(Sql chosen, FoundVersions found)
    {
        var id = new Lookup(Sql.Of($"select v.id from model_versions v where {chosen}"));
        return [new Query($"{Select} where v.id = {id}", row => found.Add(Map(row))), EachText(Sql.Of($"({id})"), found)];
    }

    /// <summary>The version with its tags and aliases.</summary>
    public static async Task<ModelVersionRow> LoadAsync(Reader reader, ModelVersionRow row, CancellationToken cancellationToken) =>
        (await WithTextsAsync(reader, [row], cancellationToken))[0];

    /// <summary>The versions of these ids, in their order, with their tags and aliases.</summary>
    public static async Task<List<ModelVersionRow>> LoadAsync(Reader reader, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, ModelVersionRow>(ids.Count);
        foreach (var some in ids.Chunk(512))
        {
            var found = await reader.ListAsync($"{Select} where v.id in {some}", Map, cancellationToken);
            foreach (var version in await WithTextsAsync(reader, found, cancellationToken))
            {
                rows.Add(version.Id, version);
            }
        }

        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>For each stage that holds a version of these models, the highest one in it.</summary>
    public static async Task<List<ModelVersionRow>> LatestAsync(Reader reader, IReadOnlyCollection<long> models, CancellationToken cancellationToken)
    {
        // Hops from stage to stage in the index, so that it costs the same however many versions there are.
        var found = await reader.ListAsync($"""
            with recursive held (model, stage) as (
                select m.id, (select v.stage from model_versions v where v.model = m.id and v.stage is not null order by v.stage limit 1)
                from registered_models m where m.id in {models}
                union all
                select h.model, (select v.stage from model_versions v where v.model = h.model and v.stage > h.stage order by v.stage limit 1)
                from held h where h.stage is not null
            )
            {Select}
            join held h on v.model = h.model and v.stage = h.stage
            where v.version = (select x.version from model_versions x where x.model = h.model and x.stage = h.stage order by x.version desc limit 1)
            """, Map, cancellationToken);
        return await WithTextsAsync(reader, found, cancellationToken);
    }

    /// <summary>The highest version in each of these stages.</summary>
    public static async Task<List<ModelVersionRow>> LatestAsync(Reader reader, string name, IEnumerable<string> stages, CancellationToken cancellationToken)
    {
        var found = new FoundVersions();
        await reader.EachAsync([.. EachLatest(name, stages, found)], cancellationToken);
        return found.ToList();
    }

    /// <summary>Asks for the highest version in each of these stages.</summary>
    public static IEnumerable<Query> EachLatest(string name, IEnumerable<string> stages, FoundVersions found) =>
        stages.SelectMany(stage => One(Latest(name, stage), found));

    /// <summary>The versions in the stage, the one that entered it last first; without tags and aliases.</summary>
    public static Task<List<ModelVersionRow>> InStageAsync(Reader reader, long model, string stage, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            {Select} where v.model = {model} and v.stage = {stage}
            order by coalesce((select max(t.seq) from transitions t where t.version = v.id and t.to_stage = {stage}), 0) desc, v.version desc
            """, Map, cancellationToken);

    /// <summary>The versions that are in none of these stages.</summary>
    public static Task<List<(long Version, string Stage)>> OutsideStagesAsync(Reader reader, long model, IReadOnlyCollection<string> stages, CancellationToken cancellationToken) =>
        reader.ListAsync($"select version, stage from model_versions where model = {model} and stage is not null and stage not in {stages} order by version", row => (row.GetInt64(0), row.GetString(1)), cancellationToken);

    /// <summary>The ids of the versions of these models that are in a stage other than those that are always there.</summary>
    public static async Task<List<long>> ServedAsync(Reader reader, IReadOnlyCollection<long> models, long limit, CancellationToken cancellationToken) => models.Count == 0
        ? []
        : await reader.ListAsync($"""
            select v.id from model_versions v join registered_models m on m.id = v.model
            where v.model in {models} and v.stage not in ({StageName.None}, {StageName.Archived}) order by m.name, v.version limit {limit}
            """, row => row.GetInt64(0), cancellationToken);

    /// <summary>The highest live version, or null.</summary>
    public static Task<ModelVersionRow?> FindHighestAsync(Reader reader, long model, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where v.model = {model} and v.stage is not null order by v.version desc limit 1", Map, cancellationToken);

    public static Task<ModelVersionRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where v.id = {id} and v.stage is not null", Map, cancellationToken);

    public static Task AddAsync(Change change, ModelVersionRow row, CancellationToken cancellationToken)
    {
        RegistryEvents.Effect(change, new RegistryEffect { Version = RegistryEvents.Digits(row.Version), Stage = row.Stage });
        return change.SendAsync($"""
            insert into model_versions (id, model, version, stage, description, source, storage_location, run_id, run_link, logged_model_id, manifest_digest, created_at, updated_at)
            values ({row.Id}, {row.Model}, {row.Version}, {row.Stage}, {row.Description}, {row.Source}, {row.StorageLocation}, {row.RunId}, {row.RunLink},
                {row.LoggedModelId}, {row.ManifestDigest}, {row.CreatedAt}, {row.UpdatedAt})
            """, cancellationToken);
    }

    public static Task DescribeAsync(Change change, long id, string? description, CancellationToken cancellationToken) =>
        change.SendAsync($"update model_versions set description = {description}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task TouchAllAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update model_versions set updated_at = {change.Info.At} where model = {model} and stage is not null", cancellationToken);

    /// <summary>Leaves a tombstone that keeps the number.</summary>
    public static Task BuryAsync(Change change, ModelVersionRow row, CancellationToken cancellationToken)
    {
        RegistryEvents.Effect(change, new RegistryEffect { Version = RegistryEvents.Digits(row.Version) });
        return change.ExecuteAsync($"""
            update model_versions set stage = null, description = null, source = '', storage_location = null, run_id = '', run_link = '',
                logged_model_id = null, updated_at = {change.Info.At}
            where id = {row.Id}
            """, cancellationToken);
    }

    /// <summary>Removes all versions of a model for good, with what belongs to them.</summary>
    public static async Task RemoveAllAsync(Change change, long model, CancellationToken cancellationToken)
    {
        await change.ExecuteAsync($"delete from model_version_tags where version in (select id from model_versions where model = {model})", cancellationToken);
        await change.ExecuteAsync($"delete from version_files where version in (select id from model_versions where model = {model})", cancellationToken);
        await change.ExecuteAsync($"delete from model_versions where model = {model}", cancellationToken);
    }

    public static Task SetTagAsync(Change change, long id, Pair tag, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into model_version_tags (version, key, value) values ({id}, {tag.Key}, {tag.Value})
            on conflict (version, key) do update set value = excluded.value
            """, cancellationToken);

    public static Task DeleteTagAsync(Change change, long id, string key, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from model_version_tags where version = {id} and key = {key}", cancellationToken);

    /// <summary>Deletes tags of all versions of a model.</summary>
    public static Task DeleteTagsAsync(Change change, long model, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from model_version_tags where key in {keys} and version in (select id from model_versions where model = {model})", cancellationToken);

    private static Sql Latest(string name, string stage) => Sql.Of($"v.model = {RegisteredModels.IdOf(name)} and v.stage = {stage} order by v.version desc limit 1");

    private static Sql Select => Sql.Of($"""
        select v.id, v.model, m.name, v.version, v.stage, v.description, v.source, v.storage_location, v.run_id, v.run_link, v.logged_model_id, v.manifest_digest,
            v.created_at, v.updated_at
        from model_versions v join registered_models m on m.id = v.model
        """);

    private static async Task<List<ModelVersionRow>> WithTextsAsync(Reader reader, List<ModelVersionRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var found = new FoundVersions();
        rows.ForEach(found.Add);
        await reader.EachAsync([EachText(Sql.Of($"{rows.ConvertAll(row => row.Id)}"), found)], cancellationToken);
        return found.ToList();
    }

    private static Query EachText(Sql versions, FoundVersions found) => new($"""
        select version, cast(1 as bigint), key, value from model_version_tags where version in {versions}
        union all select version, 2, alias, '' from model_aliases where version in {versions}
        """, found.AddText);

    private static ModelVersionRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3))
    {
        Stage = row.GetString(4),
        Description = row.IsDBNull(5) ? null : row.GetString(5),
        Source = row.GetString(6),
        StorageLocation = row.IsDBNull(7) ? null : row.GetString(7),
        RunId = row.GetString(8),
        RunLink = row.GetString(9),
        LoggedModelId = row.IsDBNull(10) ? null : row.GetString(10),
        ManifestDigest = row.IsDBNull(11) ? null : row.GetString(11),
        CreatedAt = row.GetInt64(12),
        UpdatedAt = row.GetInt64(13),
    };
}
