using System.Text;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Metrics, params and tags for one run: all of it or none. Single calls are batches of one.</summary>
internal sealed record LogData(string RunId)
{
    public const int ParamValueLimit = 6000;
    public const int TagValueLimit = 8000;
    private const int MetricLimit = 1000;
    private const int PairLimit = 100;
    private const int TotalLimit = 1000;

    /// <summary>They share an index row, which takes 2700 bytes.</summary>
    private const int ModelPointLimit = 2300;

    public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

    public IReadOnlyList<Pair> Params { get; init; } = [];

    public IReadOnlyList<Pair> Tags { get; init; } = [];

    /// <summary>The points that also belong to a logged model.</summary>
    public IReadOnlyList<ModelPoint> ModelMetrics { get; init; } = [];

    public static LogData Decode(LogMetricRequest wire)
    {
        var metric = new Metric { Key = wire.Key, Value = wire.Value, Timestamp = wire.Timestamp, Step = wire.Step, ModelId = wire.ModelId, DatasetName = wire.DatasetName, DatasetDigest = wire.DatasetDigest };
        return new LogData(Require.RunId(wire.RunId, wire.RunUuid)).With([metric], _ => "");
    }

    public static LogData Decode(LogParamRequest wire) =>
        new(Require.RunId(wire.RunId, wire.RunUuid)) { Params = [new Pair(Keys.Check(wire.Key, "key"), Text.Truncate(wire.Value ?? "", ParamValueLimit))] };

    public static LogData Decode(SetRunTagRequest wire) =>
        new(Require.RunId(wire.RunId, wire.RunUuid)) { Tags = [new Pair(Keys.Check(wire.Key, "key"), Text.Truncate(wire.Value ?? "", TagValueLimit))] };

    public static LogData Decode(LogBatchRequest wire)
    {
        var data = new LogData(Require.RunId(wire.RunId)).With(wire.Metrics ?? [], index => $"metrics[{index}].");
        data = data with { Params = Decode(wire.Params, "params", ParamValueLimit), Tags = Decode(wire.Tags, "tags", TagValueLimit) };
        CheckLimits(data);
        return data;
    }

    private static List<Pair> Decode(IReadOnlyList<KeyValue>? pairs, string name, int valueLimit)
    {
        var decoded = new List<Pair>(pairs?.Count ?? 0);
        for (var i = 0; i < pairs?.Count; i++)
        {
            var pair = Require.Item(pairs[i], $"{name}[{i}]");
            decoded.Add(new Pair(Keys.Check(pair.Key, $"{name}[{i}].key"), Text.Truncate(pair.Value ?? "", valueLimit)));
        }

        return decoded;
    }

    private static void CheckLimits(LogData data)
    {
        CheckLimit("metrics", data.Metrics.Count, MetricLimit);
        CheckLimit("params", data.Params.Count, PairLimit);
        CheckLimit("tags", data.Tags.Count, PairLimit);
        CheckLimit("metrics, params and tags together", data.Metrics.Count + data.Params.Count + data.Tags.Count, TotalLimit);
        if (data.Params.GroupBy(param => param.Key).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw Fault.Invalid($"Duplicate parameter keys have been submitted: '{Text.Shorten(twice.Key)}'.");
        }
    }

    private static void CheckLimit(string what, int count, int limit)
    {
        if (count > limit)
        {
            throw Fault.Invalid($"A batch logging request can contain at most {limit} {what}. Got {count}.");
        }
    }

    private LogData With(IReadOnlyList<Metric> metrics, Func<int, string> path)
    {
        var points = new List<MetricPoint>(metrics.Count);
        var ofModels = new List<ModelPoint>();
        for (var i = 0; i < metrics.Count; i++)
        {
            var metric = Require.Item(metrics[i], $"metrics[{i}]");
            var prefix = path(i);
            var point = DecodePoint(metric, prefix);
            points.Add(point);
            if (string.IsNullOrEmpty(metric.DatasetName) != string.IsNullOrEmpty(metric.DatasetDigest))
            {
                throw Fault.Invalid($"Both {prefix}dataset_name and {prefix}dataset_digest must be provided if one is provided.");
            }

            if (!string.IsNullOrEmpty(metric.ModelId))
            {
                ofModels.Add(DecodeModelPoint(metric, point, prefix));
            }
        }

        return this with { Metrics = points, ModelMetrics = ofModels };
    }

    private static ModelPoint DecodeModelPoint(Metric metric, MetricPoint point, string prefix)
    {
        var dataset = Text.Within(metric.DatasetName ?? "", InputDataset.NameLimit, $"{prefix}dataset_name");
        var digest = Text.Within(metric.DatasetDigest ?? "", InputDataset.DigestLimit, $"{prefix}dataset_digest");
        return Encoding.UTF8.GetByteCount(point.Key) + Encoding.UTF8.GetByteCount(dataset) <= ModelPointLimit
            ? new ModelPoint(metric.ModelId!, point, dataset, digest)
            : throw Fault.Invalid($"'{prefix}key' and '{prefix}dataset_name' together are longer than {ModelPointLimit} bytes.");
    }

    private static MetricPoint DecodePoint(Metric metric, string prefix)
    {
        var key = Keys.Check(metric.Key, $"{prefix}key");
        var value = Require.Value(metric.Value, $"{prefix}value");
        var timestamp = Require.Value(metric.Timestamp, $"{prefix}timestamp");
        return timestamp >= 0
            ? MetricPoint.Of(key, value, timestamp, metric.Step ?? 0)
            : throw Fault.Invalid($"Invalid value for parameter '{prefix}timestamp': {timestamp}; it must not be negative.");
    }
}

/// <summary>A point that belongs to a logged model too.</summary>
internal sealed record ModelPoint(string ModelId, MetricPoint Point, string DatasetName, string DatasetDigest);
