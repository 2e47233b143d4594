using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>dataset_aliases</c>.</summary>
internal static class DatasetAliases
{
    public static Task<long?> FindVersionAsync(Reader reader, long dataset, string alias, CancellationToken cancellationToken) =>
        reader.FindAsync($"select version from dataset_aliases where dataset = {dataset} and alias = {alias}", row => (long?)row.GetInt64(0), cancellationToken);

    /// <summary>The aliases of a dataset, by the version that they point to.</summary>
    public static async Task<ILookup<long, string>> OfAsync(Reader reader, long dataset, CancellationToken cancellationToken)
    {
        var aliases = await reader.ListAsync(
            $"select version, alias from dataset_aliases where dataset = {dataset} order by alias",
            row => (Version: row.GetInt64(0), Alias: row.GetString(1)),
            cancellationToken);
        return aliases.ToLookup(alias => alias.Version, alias => alias.Alias);
    }

    public static Task SetAsync(Change change, DatasetVersionRow version, string alias, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into dataset_aliases (dataset, alias, version) values ({version.Dataset}, {alias}, {version.Id})
            on conflict (dataset, alias) do update set version = excluded.version
            """, cancellationToken);

    public static Task DeleteAsync(Change change, long dataset, string alias, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from dataset_aliases where dataset = {dataset} and alias = {alias}", cancellationToken);
}
