using System.Data.Common;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>All that runs logged and are linked to, gathered in four statements however many runs there are.</summary>
internal sealed class RunContents
{
    private const long Param = 1;
    private const long Tag = 2;
    private const long ModelInput = 3;

    private readonly Dictionary<long, Contents> _byRun;

    private RunContents(IEnumerable<long> runs) => _byRun = runs.ToDictionary(run => run, _ => new Contents());

    public static async Task<RunContents> LoadAsync(Reader reader, IReadOnlyList<long> runs, CancellationToken cancellationToken)
    {
        var contents = new RunContents(runs);
        foreach (var some in runs.Chunk(512))
        {
            await Metrics.EachLatestAsync(reader, some, (run, point) => contents._byRun[run].Metrics.Add(point), cancellationToken);
            await contents.LoadTextsAsync(reader, some, cancellationToken);
            await InputDatasets.EachAsync(reader, some, (run, input) => contents._byRun[run].Datasets.Add(input), cancellationToken);
        }

        return contents;
    }

    public Run ToWire(RunRow row)
    {
        var contents = _byRun[row.Id];
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

    // One statement for four tables of the same shape: on a server database each costs a round trip.
    private Task LoadTextsAsync(Reader reader, long[] runs, CancellationToken cancellationToken) =>
        reader.EachAsync($"""
            select run, cast(1 as bigint), key, value, cast(0 as bigint) from params where run in {runs}
            union all select run, 2, key, value, 0 from run_tags where run in {runs}
            union all select run, 3, model_id, '', 0 from run_model_inputs where run in {runs}
            union all select run, 4, model_id, '', step from run_model_outputs where run in {runs}
            """, Take, cancellationToken);

    private void Take(DbDataReader row)
    {
        var contents = _byRun[row.GetInt64(0)];
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
