using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Writes what many requests log, in a handful of statements.</summary>
/// <remarks>
/// 1. Hold the runs. 2. Decide each request's fate, in their order, against what is stored and what earlier ones add.
/// 3. Write what is accepted, by key.
/// </remarks>
internal sealed class LogDataKind : IngestKind<LogData, bool>
{
    public static readonly LogDataKind Kind = new();

    public override int Weigh(LogData request) => 1 + request.Metrics.Count + request.Params.Count + request.Tags.Count;

    public override async Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<LogData, bool>> group, CancellationToken cancellationToken)
    {
        var runs = await Runs.LockAsync(writer, [.. group.Select(pending => pending.Request.RunId).Distinct()], cancellationToken);
        var accepted = new Accepted(await StoredParamsAsync(writer, group, runs, cancellationToken));
        foreach (var pending in group)
        {
            pending.Failure = Refuse(pending.Request, runs, accepted);
            if (pending.Failure is null)
            {
                accepted.Add(runs[pending.Request.RunId].Id, pending.Request);
            }
        }

        await accepted.WriteAsync(writer, cancellationToken);
    }

    private static Fault? Refuse(LogData request, Dictionary<string, RunRow> runs, Accepted accepted)
    {
        if (!runs.TryGetValue(request.RunId, out var run))
        {
            return Runs.Unknown(request.RunId);
        }

        return run.DeletedAt is null ? accepted.Conflict(run.Id, request) : Runs.NotActive(request.RunId);
    }

    private static async Task<Dictionary<(long Run, string Key), string>> StoredParamsAsync(Writer writer, IReadOnlyList<PendingWrite<LogData, bool>> group, Dictionary<string, RunRow> runs, CancellationToken cancellationToken)
    {
        var keys = new HashSet<(long, string)>();
        foreach (var pending in group)
        {
            if (pending.Request.Params.Count > 0 && runs.TryGetValue(pending.Request.RunId, out var run))
            {
                keys.UnionWith(pending.Request.Params.Select(param => (run.Id, param.Key)));
            }
        }

        return await Params.FindAsync(writer, keys, cancellationToken);
    }

    /// <summary>What the group will write.</summary>
    private sealed class Accepted(Dictionary<(long Run, string Key), string> storedParams)
    {
        private readonly List<(long Run, MetricPoint Point)> _metrics = [];
        private readonly List<(string RunId, ModelPoint Point)> _modelMetrics = [];
        private readonly List<(long Run, Pair Param)> _params = [];
        private readonly Dictionary<(long Run, string Key), string> _tags = [];

        public Fault? Conflict(long run, LogData request)
        {
            var conflicts = request.Params
                .Where(param => storedParams.TryGetValue((run, param.Key), out var stored) && stored != param.Value)
                .Select(param => $"'{param.Key}' is '{Text.Shorten(storedParams[(run, param.Key)])}' and can't become '{Text.Shorten(param.Value)}'")
                .ToList();
            return conflicts.Count == 0
                ? null
                : Fault.Invalid($"Changing param values is not allowed. Params of run {request.RunId} are already logged: {string.Join("; ", conflicts)}.");
        }

        public void Add(long run, LogData request)
        {
            _metrics.AddRange(request.Metrics.Select(point => (run, point)));
            _modelMetrics.AddRange(request.ModelMetrics.Select(point => (request.RunId, point)));
            foreach (var param in request.Params.Where(param => storedParams.TryAdd((run, param.Key), param.Value)))
            {
                _params.Add((run, param));
            }

            foreach (var tag in request.Tags)
            {
                _tags[(run, tag.Key)] = tag.Value;
            }
        }

        public async Task WriteAsync(Writer writer, CancellationToken cancellationToken)
        {
            _metrics.Sort((left, right) => (left.Run, left.Point.Key, left.Point.Timestamp).CompareTo((right.Run, right.Point.Key, right.Point.Timestamp)));
            await Metrics.AddAsync(writer, _metrics, cancellationToken);
            _params.Sort((left, right) => left.Run != right.Run ? left.Run.CompareTo(right.Run) : string.CompareOrdinal(left.Param.Key, right.Param.Key));
            await Params.AddAsync(writer, _params, cancellationToken);
            await RunTags.SetAsync(writer, [.. _tags.OrderBy(tag => tag.Key.Run).ThenBy(tag => tag.Key.Key, StringComparer.Ordinal).Select(tag => (tag.Key.Run, new Pair(tag.Key.Key, tag.Value)))], cancellationToken);
            foreach (var (run, name) in _tags.Where(tag => tag.Key.Key == RunTags.RunName).Select(tag => (tag.Key.Run, tag.Value)))
            {
                await Runs.RenameAsync(writer, run, name, cancellationToken);
            }

            _modelMetrics.Sort((left, right) => string.CompareOrdinal(left.Point.ModelId + left.Point.Point.Key, right.Point.ModelId + right.Point.Point.Key));
            await LoggedModelMetrics.AddAsync(writer, _modelMetrics, cancellationToken);
        }
    }
}
