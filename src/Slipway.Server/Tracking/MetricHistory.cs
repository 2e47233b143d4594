using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Reads the history of a metric: of one run by pages, of several for charts.</summary>
internal sealed class MetricHistory(Spine spine)
{
    private const int RunLimit = 100;
    private const int BulkLimit = 25000;
    private static readonly PageSize IntervalSize = new(WhenAbsent: 2500, Most: 2500);
    private static readonly ColumnType[] TokenTypes = [ColumnType.Int64, ColumnType.Int64, ColumnType.Double, ColumnType.Int64];

    public async Task<MetricHistoryResponse> GetAsync(Caller caller, GetMetricHistoryRequest wire, CancellationToken cancellationToken)
    {
        var runId = Require.RunId(wire.RunId, wire.RunUuid);
        var key = Require.Text(wire.MetricKey, "metric_key");
        if (wire.MaxResults is < 0)
        {
            throw Fault.Invalid($"Invalid value for parameter 'max_results': {wire.MaxResults}; it must be at least 1, or 0 for all.");
        }

        var limit = wire.MaxResults is null or 0 ? int.MaxValue : Math.Min(wire.MaxResults.Value, int.MaxValue - 1);
        var fingerprint = Fingerprint.Of("history", runId, key);
        var after = PageToken.Decode(wire.PageToken, fingerprint, TokenTypes) is { } last ? Point(key, last) : (MetricPoint?)null;
        var points = new List<MetricPoint>();
        await spine.ReadAsync(caller, [Metrics.History(new HistoryQuery(runId, key, after, limit + 1), points.Add)], cancellationToken);
        var page = points.Take((int)limit).ToList();
        return new MetricHistoryResponse(
            page.Count == 0 ? null : [.. page.Select(point => point.ToWire())],
            points.Count > page.Count ? PageToken.Encode(fingerprint, [page[^1].Timestamp, page[^1].Step, page[^1].Value, page[^1].IsNan ? 1L : 0L]) : null);
    }

    public async Task<MetricHistoryResponse> GetBulkAsync(Caller caller, GetMetricHistoryBulkRequest wire, CancellationToken cancellationToken)
    {
        var runIds = RunIds(wire.RunId, "run_id");
        var key = Require.Text(wire.MetricKey, "metric_key");
        var limit = (int)Math.Clamp(wire.MaxResults ?? BulkLimit, 0, BulkLimit);
        return await spine.ReadAsync(caller, async reader =>
        {
            var metrics = new List<Metric>();
            foreach (var runId in runIds.Distinct().Order(StringComparer.Ordinal))
            {
                await reader.EachAsync([Metrics.History(new HistoryQuery(runId, key, null, limit - metrics.Count), point => metrics.Add(point.ToWire() with { RunId = runId }))], cancellationToken);
            }

            return new MetricHistoryResponse(metrics.Count == 0 ? null : metrics, null);
        }, cancellationToken);
    }

    public async Task<MetricHistoryResponse> GetIntervalAsync(Caller caller, GetMetricHistoryIntervalRequest wire, CancellationToken cancellationToken)
    {
        var runIds = RunIds(wire.RunIds, "run_ids");
        var key = Require.Text(wire.MetricKey, "metric_key");
        var limit = IntervalSize.Of(wire.MaxResults);
        if (wire.StartStep is null != wire.EndStep is null || wire.StartStep > wire.EndStep)
        {
            throw Fault.Invalid($"'start_step' and 'end_step' must come together, the first not above the last.");
        }

        return await spine.ReadAsync(caller, reader => SampleAsync(reader, new Interval(runIds, key, wire.StartStep, wire.EndStep, limit), cancellationToken), cancellationToken);
    }

    private static MetricPoint Point(string key, IReadOnlyList<object> values) => new(key, (double)values[2], (long)values[3] == 1, (long)values[0], (long)values[1]);

    // First which steps there are, then only the points of those that are shown: a history may be far longer than its chart.
    private static async Task<MetricHistoryResponse> SampleAsync(Reader reader, Interval interval, CancellationToken cancellationToken)
    {
        var steps = new List<(RunRow Run, List<long> Steps)>();
        foreach (var runId in interval.RunIds)
        {
            if (await Runs.FindAsync(reader, runId, cancellationToken) is { } run)
            {
                steps.Add((run, [.. (await Metrics.StepsAsync(reader, run.Id, interval.Key, cancellationToken)).Where(interval.Holds)]));
            }
        }

        var chosen = interval.Choose(steps.SelectMany(run => run.Steps));
        var metrics = new List<Metric>();
        foreach (var (run, held) in steps.Where(run => run.Steps.Count > 0))
        {
            var shown = held.Where(step => chosen.Contains(step) || step == held[0] || step == held[^1]).ToList();
            var points = await Metrics.AtStepsAsync(reader, run.Id, (interval.Key, shown), cancellationToken);
            metrics.AddRange(points.Select(point => point.ToWire() with { RunId = run.RunId }));
        }

        return new MetricHistoryResponse(metrics.Count == 0 ? null : metrics, null);
    }

    private static List<string> RunIds(IReadOnlyList<string>? runIds, string name)
    {
        if (runIds is null or { Count: 0 })
        {
            throw Fault.Invalid($"Missing value for required parameter '{name}'.");
        }

        return runIds.Count <= RunLimit ? [.. Require.Texts(runIds, name)] : throw Fault.Invalid($"'{name}' names {runIds.Count} runs; the limit is {RunLimit}.");
    }

    /// <summary>Which steps of which runs a chart asks for.</summary>
    private sealed record Interval(IReadOnlyList<string> RunIds, string Key, long? Start, long? End, int Limit)
    {
        public bool Holds(long step) => Start is null ? step >= 0 : step >= Start && step <= End;

        /// <summary>Evenly spaced steps of those that exist, and the last.</summary>
        public HashSet<long> Choose(IEnumerable<long> all)
        {
            var steps = all.Distinct().Order().ToList();
            return steps.Count <= Limit ? [.. steps] : [.. Enumerable.Range(0, Limit).Select(index => steps[(int)((long)index * steps.Count / Limit)]), steps[^1]];
        }
    }
}
