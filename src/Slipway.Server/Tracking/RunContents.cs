using System.Data.Common;
using System.Runtime.InteropServices;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Runs with all that they logged and are linked to, gathered by four queries however many runs there are.</summary>
internal sealed class RunContents
{
    private const long Param = 1;
    private const long Tag = 2;
    private const long ModelInput = 3;

    private readonly Dictionary<long, RunRow> _rows = [];
    private readonly Dictionary<long, Contents> _byRun = [];

    public static async Task<RunResponse> GetAsync(Spine spine, Caller caller, string runId, CancellationToken cancellationToken)
    {
        var contents = new RunContents();
        await spine.ReadAsync(caller, contents.Queries(Runs.ListOf(runId)), cancellationToken);
        return contents._rows.Values.SingleOrDefault() is { } row ? new RunResponse(contents.ToWire(row)) : throw Runs.Unknown(runId);
    }

    /// <summary>The runs of these internal ids, in their order.</summary>
    public static async Task<List<Run>> LoadAsync(Reader reader, IReadOnlyList<long> runs, CancellationToken cancellationToken)
    {
        var contents = new RunContents();
        foreach (var some in runs.Chunk(512))
        {
            await reader.EachAsync(contents.Queries(Sql.Of($"{some}")), cancellationToken);
        }

        return [.. runs.Where(contents._rows.ContainsKey).Select(run => contents.ToWire(contents._rows[run]))];
    }

    private Query[] Queries(Sql runs) =>
    [
        Runs.Each(runs, row => _rows.Add(row.Id, row)),
        Metrics.EachLatest(runs, (run, point) => Of(run).Metrics.Add(point)),
        EachText(runs),
        InputDatasets.Each(runs, (run, input) => Of(run).Datasets.Add(input)),
    ];

    private Contents Of(long run) => CollectionsMarshal.GetValueRefOrAddDefault(_byRun, run, out _) ??= new Contents();

    private Run ToWire(RunRow row)
    {
        var contents = Of(row.Id);
        return new Run(
            row.ToWire(),
            new RunData(
                contents.Metrics.Count == 0 ? null : [.. contents.Metrics.Select(point => point.ToWire())],
                Pair.ToWire(contents.Params),
                Pair.ToWire(contents.Tags)),
            new RunInputs(
                contents.Datasets.Count == 0 ? null : [.. contents.Datasets.Select(input => input.ToWire())],
                contents.ModelInputs.Count == 0 ? null : [.. contents.ModelInputs.Select(id => new ModelInput(id))]),
            new RunOutputs(contents.ModelOutputs.Count == 0 ? null : [.. contents.ModelOutputs.Select(output => new ModelOutput(output.ModelId, output.Step))]));
    }

    // One statement for four tables of the same shape: each has its price, however little it finds.
    private Query EachText(Sql runs) => new($"""
        select run, cast(1 as bigint), key, value, cast(0 as bigint) from params where run in {runs}
        union all select run, 2, key, value, 0 from run_tags where run in {runs}
        union all select run, 3, model_id, '', 0 from run_model_inputs where run in {runs}
        union all select run, 4, model_id, '', step from run_model_outputs where run in {runs}
        """, Take);

    private void Take(DbDataReader row)
    {
        var contents = Of(row.GetInt64(0));
        switch (row.GetInt64(1))
        {
            case Param:
                contents.Params.Add(new Pair(row.GetString(2), row.GetString(3)));
                break;
            case Tag:
                contents.Tags.Add(new Pair(row.GetString(2), row.GetString(3)));
                break;
            case ModelInput:
                contents.ModelInputs.Add(row.GetString(2));
                break;
            default:
                contents.ModelOutputs.Add((row.GetString(2), row.GetInt64(4)));
                break;
        }
    }

    private sealed class Contents
    {
        public List<MetricPoint> Metrics { get; } = [];

        public List<Pair> Params { get; } = [];

        public List<Pair> Tags { get; } = [];

        public List<InputDataset> Datasets { get; } = [];

        public List<string> ModelInputs { get; } = [];

        public List<(string ModelId, long Step)> ModelOutputs { get; } = [];
    }
}
