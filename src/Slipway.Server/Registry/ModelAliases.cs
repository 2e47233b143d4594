using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that touches <c>model_aliases</c>.</summary>
internal static class ModelAliases
{
    public static Task<long?> FindVersionAsync(Reader reader, long model, string alias, CancellationToken cancellationToken) =>
        reader.FindAsync($"select version from model_aliases where model = {model} and alias = {alias}", row => (long?)row.GetInt64(0), cancellationToken);

    public static async Task<ILookup<long, (string Alias, long Version)>> OfModelsAsync(Reader reader, IReadOnlyCollection<long> models, CancellationToken cancellationToken)
    {
        var aliases = await reader.ListAsync(
            $"select a.model, a.alias, v.version from model_aliases a join model_versions v on v.id = a.version where a.model in {models} order by a.model, a.alias",
            row => (Model: row.GetInt64(0), Alias: (row.GetString(1), row.GetInt64(2))),
            cancellationToken);
        return aliases.ToLookup(alias => alias.Model, alias => alias.Alias);
    }

    public static Task SetAsync(Change change, ModelVersionRow version, string alias, CancellationToken cancellationToken)
    {
        RegistryEvents.Effect(change, new RegistryEffect { Alias = alias, Version = RegistryEvents.Digits(version.Version) });
        return change.SendAsync($"""
            insert into model_aliases (model, alias, version) values ({version.Model}, {alias}, {version.Id})
            on conflict (model, alias) do update set version = excluded.version
            """, cancellationToken);
    }

    public static Task DeleteAsync(Change change, long model, string alias, CancellationToken cancellationToken)
    {
        RegistryEvents.Effect(change, new RegistryEffect { Alias = alias });
        return change.ExecuteAsync($"delete from model_aliases where model = {model} and alias = {alias}", cancellationToken);
    }

    /// <summary>Takes away the aliases of a version that is deleted, which the deletion tells of.</summary>
    public static Task DeleteOfVersionAsync(Change change, long version, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from model_aliases where version = {version}", cancellationToken);

    public static Task DeleteOfModelAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from model_aliases where model = {model}", cancellationToken);
}
