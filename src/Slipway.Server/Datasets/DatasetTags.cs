using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>dataset_tags</c>, the tags of versions.</summary>
internal static class DatasetTags
{
    public static Task<List<Pair>> OfAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        reader.ListAsync($"select key, value from dataset_tags where version = {version} order by key", row => new Pair(row.GetString(0), row.GetString(1)), cancellationToken);

    /// <summary>Of all versions of a dataset.</summary>
    public static async Task<ILookup<long, Pair>> OfDatasetAsync(Reader reader, long dataset, CancellationToken cancellationToken)
    {
        var tags = await reader.ListAsync(
            $"select t.version, t.key, t.value from dataset_tags t join dataset_versions v on v.id = t.version where v.dataset = {dataset} order by t.version, t.key",
            row => (Version: row.GetInt64(0), Tag: new Pair(row.GetString(1), row.GetString(2))),
            cancellationToken);
        return tags.ToLookup(tag => tag.Version, tag => tag.Tag);
    }

    public static Task SetAsync(Change change, long version, Pair tag, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into dataset_tags (version, key, value) values ({version}, {tag.Key}, {tag.Value})
            on conflict (version, key) do update set value = excluded.value
            """, cancellationToken);

    public static Task DeleteAsync(Change change, long version, string key, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from dataset_tags where version = {version} and key = {key}", cancellationToken);
}
