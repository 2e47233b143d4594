using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>experiment_tags</c>.</summary>
internal static class ExperimentTags
{
    /// <summary>The tags of these experiments, given as what can stand after <c>in</c>.</summary>
    public static Query Each(Sql experiments, Action<long, Pair> take) => new(
        $"select experiment, key, value from experiment_tags where experiment in {experiments} order by experiment, key",
        row => take(row.GetInt64(0), new Pair(row.GetString(1), row.GetString(2))));

    public static Task SetAsync(Change change, long experiment, Pair tag, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into experiment_tags (experiment, key, value) values ({experiment}, {tag.Key}, {tag.Value})
            on conflict (experiment, key) do update set value = excluded.value
            """, cancellationToken);

    public static async Task<bool> DeleteAsync(Change change, long experiment, string key, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"delete from experiment_tags where experiment = {experiment} and key = {key}", cancellationToken) == 1;

    public static Task RemoveAllAsync(Change change, long experiment, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from experiment_tags where experiment = {experiment}", cancellationToken);
}
