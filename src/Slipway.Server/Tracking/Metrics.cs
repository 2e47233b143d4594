using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>metrics</c> and <c>latest_metrics</c>.</summary>
internal static class Metrics
{
    private static readonly BulkInsert<(long Run, MetricPoint Point)> InsertPoint = new(
        "metrics",
        "on conflict do nothing",
        new Int64Column<(long Run, MetricPoint Point)>("run", row => row.Run),
        new TextColumn<(long Run, MetricPoint Point)>("key", row => row.Point.Key),
        new Int64Column<(long Run, MetricPoint Point)>("timestamp", row => row.Point.Timestamp),
        new Int64Column<(long Run, MetricPoint Point)>("step", row => row.Point.Step),
        new DoubleColumn<(long Run, MetricPoint Point)>("value", row => row.Point.Value),
        new Int64Column<(long Run, MetricPoint Point)>("is_nan", row => row.Point.IsNan ? 1 : 0));

    // Strictly greater, so that a repeated point changes nothing and of two equal ones the first stays.
    private static readonly BulkInsert<(long Run, MetricPoint Point)> InsertLatest = new(
        "latest_metrics",
        """
        on conflict (run, key) do update set value = excluded.value, is_nan = excluded.is_nan, timestamp = excluded.timestamp, step = excluded.step
        where (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)
        """,
        new Int64Column<(long Run, MetricPoint Point)>("run", row => row.Run),
        new TextColumn<(long Run, MetricPoint Point)>("key", row => row.Point.Key),
        new DoubleColumn<(long Run, MetricPoint Point)>("value", row => row.Point.Value),
        new Int64Column<(long Run, MetricPoint Point)>("is_nan", row => row.Point.IsNan ? 1 : 0),
        new Int64Column<(long Run, MetricPoint Point)>("timestamp", row => row.Point.Timestamp),
        new Int64Column<(long Run, MetricPoint Point)>("step", row => row.Point.Step));

    /// <summary>Adds points to the history, and to the latest values where they supersede them.</summary>
    public static async Task AddAsync(Writer writer, IReadOnlyList<(long Run, MetricPoint Point)> points, CancellationToken cancellationToken)
    {
        if (points.Count == 0)
        {
            return;
        }

        await writer.InsertAsync(InsertPoint, points, cancellationToken);
        await writer.InsertAsync(InsertLatest, Latest(points), cancellationToken);
    }

    /// <summary>The latest values of these runs, given as what can stand after <c>in</c>.</summary>
    public static Query EachLatest(Sql runs, Action<long, MetricPoint> take) => new(
        $"select run, key, value, is_nan, timestamp, step from latest_metrics where run in {runs} order by run, key",
        row => take(row.GetInt64(0), Map(row)));

    /// <summary>The latest values of these metrics, where there are any.</summary>
    public static async Task<Dictionary<string, MetricPoint>> LatestAsync(Reader reader, long run, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var latest = await reader.ListAsync(
            $"select run, key, value, is_nan, timestamp, step from latest_metrics where run = {run} and key in {keys}", Map, cancellationToken);
        return latest.ToDictionary(point => point.Key);
    }

    /// <summary>Points of one key by timestamp, step and value, after the given one.</summary>
    public static Query History(HistoryQuery query, Action<MetricPoint> take)
    {
        var after = query.After is { } last
            ? Sql.Of($"and (timestamp, step, value, is_nan) > ({last.Timestamp}, {last.Step}, {last.Value}, {(last.IsNan ? 1L : 0L)})")
            : Sql.Of($"");
        return new Query($"""
            select run, key, value, is_nan, timestamp, step from metrics
            where run = {Runs.IdOf(query.RunId)} and key = {query.Key} {after}
            order by timestamp, step, value, is_nan limit {query.Limit}
            """, row => take(Map(row)));
    }

    public static Task<List<long>> StepsAsync(Reader reader, long run, string key, CancellationToken cancellationToken) =>
        reader.ListAsync($"select distinct step from metrics where run = {run} and key = {key} order by step", row => row.GetInt64(0), cancellationToken);

    /// <summary>The points of one key at some steps, by step, timestamp and value.</summary>
    public static Task<List<MetricPoint>> AtStepsAsync(Reader reader, long run, (string Key, IReadOnlyCollection<long> Steps) at, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select run, key, value, is_nan, timestamp, step from metrics
            where run = {run} and key = {at.Key} and step in {at.Steps} order by step, timestamp, value
            """, Map, cancellationToken);

    public static async Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken)
    {
        await writer.ExecuteAsync($"delete from metrics where run = {run}", cancellationToken);
        await writer.ExecuteAsync($"delete from latest_metrics where run = {run}", cancellationToken);
    }

    private static List<(long Run, MetricPoint Point)> Latest(IReadOnlyList<(long Run, MetricPoint Point)> points)
    {
        var latest = new Dictionary<(long Run, string Key), MetricPoint>(points.Count);
        foreach (var (run, point) in points)
        {
            if (!latest.TryGetValue((run, point.Key), out var best) || point.Supersedes(best))
            {
                latest[(run, point.Key)] = point;
            }
        }

        return [.. latest.Select(entry => (entry.Key.Run, entry.Value))];
    }

    private static MetricPoint Map(DbDataReader row) => new(row.GetString(1), row.GetDouble(2), row.GetInt64(3) != 0, row.GetInt64(4), row.GetInt64(5));
}

/// <summary>Which points of a history.</summary>
internal sealed record HistoryQuery(string RunId, string Key, MetricPoint? After, long Limit);
