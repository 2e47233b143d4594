using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>logged_model_metrics</c>: all points, with the run and the dataset of each.</summary>
internal static class LoggedModelMetrics
{
    private static readonly BulkInsert<(long Model, string RunId, ModelPoint Metric)> Insert = new(
        "logged_model_metrics",
        "on conflict do nothing",
        new Int64Column<(long Model, string RunId, ModelPoint Metric)>("model", row => row.Model),
        new TextColumn<(long Model, string RunId, ModelPoint Metric)>("key", row => row.Metric.Point.Key),
        new Int64Column<(long Model, string RunId, ModelPoint Metric)>("timestamp", row => row.Metric.Point.Timestamp),
        new Int64Column<(long Model, string RunId, ModelPoint Metric)>("step", row => row.Metric.Point.Step),
        new DoubleColumn<(long Model, string RunId, ModelPoint Metric)>("value", row => row.Metric.Point.Value),
        new Int64Column<(long Model, string RunId, ModelPoint Metric)>("is_nan", row => row.Metric.Point.IsNan ? 1 : 0),
        new TextColumn<(long Model, string RunId, ModelPoint Metric)>("run_id", row => row.RunId),
        new TextColumn<(long Model, string RunId, ModelPoint Metric)>("dataset_name", row => row.Metric.DatasetName),
        new TextColumn<(long Model, string RunId, ModelPoint Metric)>("dataset_digest", row => row.Metric.DatasetDigest));

    /// <summary>Adds points to the models that exist; a model that does not is passed over.</summary>
    public static async Task AddAsync(Writer writer, IReadOnlyList<(string RunId, ModelPoint Metric)> points, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, long>();
        foreach (var some in points.Select(point => point.Metric.ModelId).Distinct().Chunk(512))
        {
            await writer.EachAsync($"select model_id, id from logged_models where model_id in {some}", row => ids[row.GetString(0)] = row.GetInt64(1), cancellationToken);
        }

        var rows = points.Where(point => ids.ContainsKey(point.Metric.ModelId)).Select(point => (ids[point.Metric.ModelId], point.RunId, point.Metric)).ToList();
        await writer.InsertAsync(Insert, rows, cancellationToken);
    }

    public static async Task<ILookup<long, Metric>> OfAsync(Reader reader, IReadOnlyCollection<long> models, CancellationToken cancellationToken)
    {
        var points = await reader.ListAsync($"""
            select model, key, value, is_nan, timestamp, step, run_id, dataset_name, dataset_digest from logged_model_metrics
            where model in {models} order by model, key, timestamp, step
            """, row => (Model: row.GetInt64(0), Metric: new Metric
        {
            Key = row.GetString(1),
            Value = row.GetInt64(3) == 1 ? double.NaN : row.GetDouble(2),
            Timestamp = row.GetInt64(4),
            Step = row.GetInt64(5),
            RunId = row.GetString(6),
            DatasetName = NullIfEmpty(row.GetString(7)),
            DatasetDigest = NullIfEmpty(row.GetString(8)),
        }), cancellationToken);
        return points.ToLookup(point => point.Model, point => point.Metric);
    }

    public static Task RemoveAsync(Writer writer, long model, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from logged_model_metrics where model = {model}", cancellationToken);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
