using System.Globalization;
using Slipway.Serving.Judging;
using Xunit;
using Xunit.Abstractions;

namespace Slipway.Serving.Tests.Judging;

/// <summary>The table of docs/judging.md: this judge beside plain thresholds that raise as many false alarms in the same looks.</summary>
public sealed class ThresholdComparison(ITestOutputHelper output)
{
    private const double Share = 0.2;
    private const long Requests = 20_000;

    private static readonly Behaviour _good = new();

    // A threshold on the difference of error rates and one on the ratio of p95, each with half of the false alarms.
    private sealed class Thresholds
    {
        private readonly LogHistogram[] _latencies = [new(), new()];
        private readonly long[] _failures = new long[2];

        public void Add(in Outcome outcome)
        {
            var arm = outcome.Candidate ? 1 : 0;
            _latencies[arm].Add(LogHistogram.RangeOf(outcome.Milliseconds));
            _failures[arm] += outcome.Failed ? 1 : 0;
        }

        public (double Errors, double Latency) Excess => _latencies[1].Count < 50
            ? (double.NegativeInfinity, 0)
            : (((double)_failures[1] / _latencies[1].Count) - ((double)_failures[0] / _latencies[0].Count), _latencies[1].Quantile(0.95) / _latencies[0].Quantile(0.95));
    }

    [Fact]
    public void The_judge_needs_fewer_requests_than_thresholds_of_the_same_false_alarms()
    {
        var rollouts = Trials.Many;
        var highest = Enumerable.Range(0, rollouts).AsParallel().Select(seed => Highest(new Traffic(seed + 1_000_000, Share, _good, _good))).ToList();
        var errors = Quantile(highest.Select(excess => excess.Errors));
        var latency = Quantile(highest.Select(excess => excess.Latency));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"thresholds: {errors * 100:0.0} points of errors, {latency:0.00} times p95; {rollouts} rollouts each"));
        output.WriteLine("| change | within | judge | median | thresholds | median |");

        foreach (var (what, within) in new[] { ("errors 1 % to 6 %", 500), ("three times as slow", 1000), ("5 % ten times as slow", 1000) })
        {
            Traffic Play(int seed) => new(seed, Share, _good, JudgeSimulationTests.Bad(what));
            var judged = Trials.Failures(rollouts, Requests, Play).Select(look => look.CandidateSamples).Order().ToList();
            var plain = Enumerable.Range(0, rollouts).AsParallel().Select(seed => First(Play(seed), errors, latency)).Order().ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {within} | {Share_(judged, within, rollouts):0.0} % | {judged[rollouts / 2]} | {Share_(plain, within, rollouts):0.0} % | {plain[rollouts / 2]} |"));
            Assert.True(Share_(judged, within, rollouts) >= 95);
            Assert.True(Share_(judged, within, rollouts) >= Share_(plain, within, rollouts));
        }
    }

    private static double Share_(List<long> found, int within, int rollouts) => 100.0 * found.Count(samples => samples <= within) / rollouts;

    private static double Quantile(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(sorted.Count * 0.9975) - 1];
    }

    private static (double Errors, double Latency) Highest(Traffic traffic)
    {
        var (errors, latency) = (0.0, 0.0);
        Play(traffic, excess =>
        {
            (errors, latency) = (Math.Max(errors, excess.Errors), Math.Max(latency, excess.Latency));
            return false;
        });
        return (errors, latency);
    }

    private static long First(Traffic traffic, double errors, double latency) =>
        Play(traffic, excess => excess.Errors > errors || excess.Latency > latency) ?? long.MaxValue;

    private static long? Play(Traffic traffic, Func<(double Errors, double Latency), bool> ends)
    {
        var thresholds = new Thresholds();
        var candidate = 0L;
        while (traffic.Sent < Requests)
        {
            var outcome = traffic.Next();
            thresholds.Add(outcome);
            candidate += outcome.Candidate ? 1 : 0;
            if (traffic.Sent % Trials.Batch == 0 && ends(thresholds.Excess))
            {
                return candidate;
            }
        }

        return null;
    }
}
