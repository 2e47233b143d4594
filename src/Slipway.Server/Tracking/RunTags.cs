using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>run_tags</c>.</summary>
internal static class RunTags
{
    /// <summary>The tag that is the run's name.</summary>
    public const string RunName = "mlflow.runName";

    private static readonly BulkInsert<(long Run, Pair Tag)> Upsert = new(
        "run_tags",
        "on conflict (run, key) do update set value = excluded.value",
        new Int64Column<(long Run, Pair Tag)>("run", row => row.Run),
        new TextColumn<(long Run, Pair Tag)>("key", row => row.Tag.Key),
        new TextColumn<(long Run, Pair Tag)>("value", row => row.Tag.Value));

    /// <summary>Sets tags; one of a run and key at most.</summary>
    public static Task SetAsync(Writer writer, IReadOnlyList<(long Run, Pair Tag)> tags, CancellationToken cancellationToken) =>
        writer.InsertAsync(Upsert, tags, cancellationToken);

    public static Task<string?> FindAsync(Reader reader, long run, string key, CancellationToken cancellationToken) =>
        reader.FindAsync($"select value from run_tags where run = {run} and key = {key}", row => row.GetString(0), cancellationToken);

    public static async Task<bool> DeleteAsync(Writer writer, long run, string key, CancellationToken cancellationToken) =>
        await writer.ExecuteAsync($"delete from run_tags where run = {run} and key = {key}", cancellationToken) == 1;

    public static Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from run_tags where run = {run}", cancellationToken);
}
