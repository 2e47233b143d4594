using System.Globalization;
using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>What training does: runs are created, filled and read.</summary>
internal sealed class TrackingCases(Material material)
{
    private const string DefaultExperiment = "0";
    private const int Runs = 64;
    private const int HistoryKeys = 10;

    private readonly Lazy<List<byte[]>> _runs = new(() => material.CreateRuns(DefaultExperiment, Runs));

    public IEnumerable<Case> All =>
    [
        new("log-metric", LogMetric) { Share = 0.15 },
        new("log-batch-10", () => LogBatch(points: 10)) { Share = 0.07 },
        new("log-batch-1000", () => LogBatch(points: 1000)),
        new("create-run", () => CreateRun(DefaultExperiment)) { Share = 0.10 },
        new("get-run", GetRun) { Share = 0.30 },
    ];

    public static Operation CreateRun(string experiment) => new(
        Template.Post(Material.Api + "runs/create", $$"""
            {"experiment_id":"{{experiment}}","user_id":"bench","run_name":"run-##########","start_time":17###########,"tags":[
            {"key":"mlflow.user","value":"bench"},{"key":"mlflow.source.name","value":"train.py"},{"key":"mlflow.source.type","value":"LOCAL"}]}
            """),
        (request, number) =>
        {
            request.Write(0, number);
            request.Write(1, number);
        });

    // Each run gets a new point of the same metric, as a training loop logs it.
    private Operation LogMetric()
    {
        var runs = _runs.Value;
        return new Operation(
            Template.Post(Material.Api + "runs/log-metric", """{"run_id":"################################","key":"loss","value":0.######,"timestamp":17###########,"step":1#########}"""),
            (request, number) =>
            {
                request.Write(0, runs[(int)(number % Runs)]);
                request.Write(1, number);
                request.Write(2, number);
                request.Write(3, number);
            });
    }

    private Operation LogBatch(int points)
    {
        var runs = _runs.Value;
        var metrics = Enumerable.Range(0, points).Select(index => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"key":"batch-{{index % HistoryKeys}}","value":0.{{index}}1,"timestamp":17###########,"step":{{1 + (index / HistoryKeys)}}#########}"""));
        return new Operation(
            Template.Post(Material.Api + "runs/log-batch", $$"""{"run_id":"################################","metrics":[{{string.Join(',', metrics)}}]}"""),
            (request, number) =>
            {
                request.Write(0, runs[(int)(number % Runs)]);
                for (var hole = 1; hole < request.Holes; hole++)
                {
                    request.Write(hole, number);
                }
            });
    }

    private Operation GetRun()
    {
        var runs = material.CreateRuns(DefaultExperiment, Runs);
        material.LogToEach(runs, Contents.Template(metrics: 5, parameters: 5, tags: 5), Contents.Fill);
        return new Operation(
            Template.Get(Material.Api + "runs/get?run_id=################################"),
            (request, number) => request.Write(0, runs[(int)(number % Runs)]));
    }
}
