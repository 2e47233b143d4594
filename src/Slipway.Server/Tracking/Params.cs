using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>params</c>.</summary>
internal static class Params
{
    private static readonly BulkInsert<(long Run, Pair Param)> Insert = new(
        "params",
        "",
        new Int64Column<(long Run, Pair Param)>("run", row => row.Run),
        new TextColumn<(long Run, Pair Param)>("key", row => row.Param.Key),
        new TextColumn<(long Run, Pair Param)>("value", row => row.Param.Value));

    public static Task AddAsync(Writer writer, IReadOnlyList<(long Run, Pair Param)> rows, CancellationToken cancellationToken) =>
        writer.InsertAsync(Insert, rows, cancellationToken);

    public static async Task<Dictionary<(long Run, string Key), string>> FindAsync(Reader reader, IReadOnlyCollection<(long Run, string Key)> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(long, string), string>(keys.Count);
        foreach (var some in keys.Chunk(1024))
        {
            await reader.EachAsync(
                $"select run, key, value from params where (run, key) in {some}",
                row => found[(row.GetInt64(0), row.GetString(1))] = row.GetString(2),
                cancellationToken);
        }

        return found;
    }

    public static Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from params where run = {run}", cancellationToken);
}
