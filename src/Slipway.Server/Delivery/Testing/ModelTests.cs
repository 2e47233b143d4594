using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Slipway.Server.Delivery.Testing;

/// <summary>The tests that need no rows of a dataset.</summary>
internal static class ModelTests
{
    private const int LatencyRequests = 200;
    private const int LatencyBatches = 20;
    private const int BatchRows = 100;
    private const int AnswerLimit = 800;
    private const double Tolerance = 1e-5;

    private static readonly string WrongTable = """{"dataframe_split":{"columns":["no such column"],"data":[["no such value"]]}}""";
    private static readonly string WrongTensor = """{"inputs":"no such value"}""";

    /// <summary>The signature is there and honoured: right input is accepted, and wrong input refused.</summary>
    public static async Task<TestFinding> SchemaAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Inputs is not { } inputs)
        {
            return TestFinding.Failed("the model has no signature: log it with one (signature=infer_signature(X, y))");
        }

        if (run.Sample is not { } sample)
        {
            return TestRun.NothingToSend;
        }

        var (right, wrong) = (await run.Model.SendAsync(sample.Body, cancellationToken), await run.Model.SendAsync(inputs.IsTensors ? WrongTensor : WrongTable, cancellationToken));
        return TestFinding.Of(
            right.IsGood && wrong.Status == HttpStatusCode.BadRequest,
            ("sample", sample.Origin), ("right_input_status", (double)(int)right.Status), ("wrong_input_status", (double)(int)wrong.Status), ("columns", (double)(inputs.Columns.Count + inputs.Tensors.Count)));
    }

    /// <summary>The sample gives the recorded answer, or at least an answer.</summary>
    public static async Task<TestFinding> InferenceAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Sample is not { } sample)
        {
            return TestRun.NothingToSend;
        }

        var reply = await run.Model.SendAsync(sample.Body, cancellationToken);
        if (!reply.IsGood || Predictions.Read(reply.Body) is not { Count: > 0 } predicted)
        {
            return TestFinding.Of(false, ("sample", sample.Origin), ("status", (double)(int)reply.Status), ("answer", reply.Text));
        }

        var matches = run.Recorded is not { } recorded || IsSame(reply.Text, recorded);
        return reply.Text.Length <= AnswerLimit
            ? TestFinding.Of(matches, ("sample", sample.Origin), ("predictions", (double)predicted.Count), ("compared", run.Recorded is null ? "no" : "yes"), ("answer", reply.Text))
            : TestFinding.Of(matches, ("sample", sample.Origin), ("predictions", (double)predicted.Count), ("compared", "no"));
    }

    /// <summary>The latency of one row and of batches, one request after the other.</summary>
    public static async Task<TestFinding> LatencyAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Sample is not { } sample)
        {
            return TestRun.NothingToSend;
        }

        var rows = await TimeAsync(run, sample.Body, LatencyRequests, cancellationToken);
        if (rows is null)
        {
            return TestFinding.Of(false, ("sample", sample.Origin), ("reason", "a request failed"));
        }

        List<(string, object)> measured =
        [
            ("sample", sample.Origin), ("p50_ms", Quantile(rows, 0.5)), ("p95_ms", Quantile(rows, 0.95)), ("p99_ms", Quantile(rows, 0.99)), ("bound_p95_ms", run.Settings.LatencyP95), ("requests", (double)rows.Count),
        ];
        if (await BatchAsync(run, cancellationToken) is { } batch && await TimeAsync(run, batch, LatencyBatches, cancellationToken) is { } batches)
        {
            measured.AddRange([("batch_rows", (double)BatchRows), ("batch_p50_ms", Quantile(batches, 0.5)), ("batch_p95_ms", Quantile(batches, 0.95)), ("batch_p99_ms", Quantile(batches, 0.99))]);
        }

        return TestFinding.Of(Quantile(rows, 0.95) <= run.Settings.LatencyP95, [.. measured]);
    }

    /// <summary>A rate of requests, held for a time whether or not the model keeps up.</summary>
    public static async Task<TestFinding> LoadAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Sample is not { } sample)
        {
            return TestRun.NothingToSend;
        }

        var (settings, begun) = (run.Settings, Stopwatch.GetTimestamp());
        var wanted = (int)Math.Max(1, settings.LoadRate * settings.LoadSeconds);
        var replies = new List<Task<TestReply>>(wanted);
        for (var sent = 0; sent < wanted; sent++)
        {
            var wait = TimeSpan.FromSeconds(sent / settings.LoadRate) - Stopwatch.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            replies.Add(run.Model.SendAsync(sample.Body, cancellationToken));
        }

        var all = await Task.WhenAll(replies);
        var (elapsed, failed) = (Stopwatch.GetElapsedTime(begun), all.Count(reply => !reply.IsGood));
        var times = all.Select(reply => reply.Elapsed.TotalMilliseconds).Order().ToList();
        return TestFinding.Of(
            (double)failed / wanted <= settings.ErrorRate,
            ("sample", sample.Origin), ("requests", (double)wanted), ("failed", (double)failed), ("error_rate", (double)failed / wanted), ("bound_error_rate", settings.ErrorRate),
            ("rate", wanted / elapsed.TotalSeconds), ("wanted_rate", settings.LoadRate), ("p95_ms", Quantile(times, 0.95)));
    }

    private static bool IsSame(string answer, string recorded)
    {
        using var one = JsonDocument.Parse(answer);
        using var other = JsonDocument.Parse(recorded);
        return Predictions.AreClose(one.RootElement, other.RootElement, Tolerance);
    }

    private static async Task<List<double>?> TimeAsync(TestRun run, string body, int count, CancellationToken cancellationToken)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var reply = await run.Model.SendAsync(body, cancellationToken);
            if (!reply.IsGood)
            {
                return null;
            }

            times.Add(reply.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    private static async Task<string?> BatchAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Rows is { } rows)
        {
            await foreach (var batch in rows.BatchesAsync(BatchRows, run.Settings.Label, cancellationToken))
            {
                return batch.Rows.Count == 0 ? null : batch.Repeat(BatchRows).ToBody();
            }
        }

        return null;
    }

    private static double Quantile(List<double> sorted, double share) => sorted[Math.Min((int)(sorted.Count * share), sorted.Count - 1)];
}
