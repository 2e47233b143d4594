using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Tracking;

/// <summary>Which of many points is the latest value, and what the history keeps, whatever the database.</summary>
public abstract class LatestMetricContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly string[] _values = ["0", "1", "-1", "3", "0.1", "-0.0", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e308", "-1e308", "5e-324"];

    [PromiseTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_points_one_after_the_other_leave_what_the_rules_say(int seed)
    {
        var random = new Random(seed);
        var run = await CreateRunAsync();
        var points = Enumerable.Range(0, 300).Select(_ => Point.Random(random)).ToList();
        foreach (var batch in points.Chunk(17))
        {
            (await LogAsync(run, batch)).Ok();
        }

        await AssertKeptAsync(run, points, ties: true);
    }

    [Promise]
    public async Task Random_points_of_many_writers_leave_what_the_rules_say()
    {
        var random = new Random(3);
        var run = await CreateRunAsync();
        var points = Enumerable.Range(0, 800).Select(_ => Point.Random(random)).ToList();

        await Task.WhenAll(points.Chunk(25).Select(async batch => (await LogAsync(run, batch)).Ok()));

        await AssertKeptAsync(run, points, ties: false);
    }

    [Promise]
    public async Task The_same_point_again_changes_nothing_alone_or_in_a_batch()
    {
        var run = await CreateRunAsync();
        var point = new Point("loss", "0.5", 7, 3);
        await LogAsync(run, [point]);
        await LogAsync(run, [point, point]);
        (await Client.PostAsync("runs/log-metric", new { run_id = run, key = "loss", value = 0.5, timestamp = 7, step = 3 })).Ok();

        await AssertKeptAsync(run, [point], ties: true);
    }

    private Task<WireReply> LogAsync(string run, IEnumerable<Point> points) => Client.SendTextAsync(
        HttpMethod.Post, "runs/log-batch", $$"""{"run_id": "{{run}}", "metrics": [{{string.Join(", ", points.Select(point => point.ToJson()))}}]}""");

    /// <summary>Compares what is kept with a naive reading of the rules.</summary>
    private async Task AssertKeptAsync(string run, List<Point> points, bool ties)
    {
        var latest = (await Client.GetAsync("runs/get", ("run_id", run))).Ok()["run"]!["data"]!["metrics"]!.AsArray().ToDictionary(metric => metric!["key"]!.GetValue<string>(), metric => metric!);
        Assert.Equal(points.Select(point => point.Key).Distinct().Order(StringComparer.Ordinal), latest.Keys.Order(StringComparer.Ordinal));
        foreach (var ofKey in points.GroupBy(point => point.Key))
        {
            var expected = ofKey.Aggregate((best, point) => (point.Step, point.Timestamp, point.Stored).CompareTo((best.Step, best.Timestamp, best.Stored)) > 0 ? point : best);
            var kept = Kept(latest[ofKey.Key]);
            Assert.Equal((expected.Step, expected.Timestamp, expected.Stored), (kept.Step, kept.Timestamp, kept.Stored));

            // Between NaN and 0 at one step and time the first one stays, and who is first is known only when they come one by one.
            Assert.True(!ties || kept.IsNan == expected.IsNan, $"{ofKey.Key}: {kept}, not {expected}");
            await AssertHistoryAsync(run, [.. ofKey]);
        }
    }

    private async Task AssertHistoryAsync(string run, List<Point> points)
    {
        var history = (await Client.GetAsync("metrics/get-history", ("run_id", run), ("metric_key", points[0].Key))).Ok()["metrics"]!.AsArray().Select(metric => Kept(metric!)).ToList();
        var expected = points
            .Select(point => (point.Timestamp, point.Step, point.Stored, point.IsNan))
            .Distinct()
            .OrderBy(point => point.Timestamp).ThenBy(point => point.Step).ThenBy(point => point.Stored).ThenBy(point => point.IsNan);
        Assert.Equal(expected, history.Select(point => (point.Timestamp, point.Step, point.Stored, point.IsNan)));
    }

    private static Point Kept(JsonNode metric) =>
        new(metric["key"]!.GetValue<string>(), metric["value"]!.ToJsonString(), metric["timestamp"]!.GetValue<long>(), metric["step"]!.GetValue<long>());

    /// <summary>A point with its value as it stands in JSON.</summary>
    private sealed record Point(string Key, string Value, long Timestamp, long Step)
    {
        public bool IsNan => Value == "\"NaN\"";

        /// <summary>The value as the rules compare it.</summary>
        public double Stored => Value switch
        {
            "\"NaN\"" => 0,
            "\"Infinity\"" => double.MaxValue,
            "\"-Infinity\"" => -double.MaxValue,
            _ => double.Parse(Value, CultureInfo.InvariantCulture),
        };

        // Few steps and times, so that most points meet a rival.
        public static Point Random(Random random) => new($"key {random.Next(12)}", _values[random.Next(_values.Length)], random.Next(3), random.Next(-1, 3));

        public string ToJson() => $$"""{"key": "{{Key}}", "value": {{Value}}, "timestamp": {{Timestamp}}, "step": {{Step}}}""";
    }
}

public sealed class LatestMetricOnSqlite() : LatestMetricContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LatestMetricOnPostgres() : LatestMetricContract(Fresh.PostgresAsync);
