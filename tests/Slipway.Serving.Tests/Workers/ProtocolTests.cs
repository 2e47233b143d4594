using System.Net;
using Slipway.Serving.Workers;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Workers;

/// <summary>The scoring protocol over HTTP, as a worker's process speaks it.</summary>
[Needs("onnx")]
public sealed class ProtocolTests : WorkerYard
{
    private const string Iris = """{"dataframe_split": {"columns": ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"], "data": [[5.1, 3.5, 1.4, 0.2]]}}""";

    [Promise]
    public async Task A_worker_answers_in_every_form_and_tells_whose_failure_it_was()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")) { BodyLimit = 4096 });

        var answered = await AskAsync(worker, Iris);
        Assert.Equal((200, null), (answered.Status, answered.Failure));
        Assert.StartsWith("""{"predictions":[{"label":0,"probabilities":[""", answered.Body, StringComparison.Ordinal);
        Assert.Equal(answered.Body, (await AskAsync(worker, "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n", "text/csv")).Body);
        Assert.Equal(answered.Body, (await AskAsync(worker, """{"instances": [{"sepal length (cm)": 5.1, "sepal width (cm)": 3.5, "petal length (cm)": 1.4, "petal width (cm)": "0.2"}]}""")).Body);

        var missing = await AskAsync(worker, """{"dataframe_records": [{"sepal length (cm)": 5.1}]}""");
        Assert.Equal((400, "input"), (missing.Status, missing.Failure));
        Assert.StartsWith("""{"error_code":"INVALID_PARAMETER_VALUE","message":"Failed to enforce schema of data""", missing.Body, StringComparison.Ordinal);
        Assert.Equal((400, "input"), await StatusAsync(worker, "{"));
        Assert.Equal((415, "input"), await StatusAsync(worker, Iris, "application/vnd.apache.parquet"));
        Assert.Equal((415, "input"), await StatusAsync(worker, Iris, null));
        Assert.Equal((413, "input"), await StatusAsync(worker, new string(' ', 5000)));
    }

    [Promise]
    public async Task A_worker_tells_how_it_is()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")));
        using var client = Client(worker);

        foreach (var path in new[] { "ping", "health" })
        {
            using var health = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((HttpStatusCode.OK, "application/json", "\n"), (health.StatusCode, health.Content.Headers.ContentType?.MediaType, await health.Content.ReadAsStringAsync()));
        }

        Assert.Equal("0.1.0", await client.GetStringAsync(new Uri("version", UriKind.Relative)));
        using var unknown = await client.GetAsync(new Uri("metrics", UriKind.Relative));
        using var wrong = await client.GetAsync(new Uri("invocations", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed), (unknown.StatusCode, wrong.StatusCode));
        var told = worker.Health;
        Assert.Equal((WorkerState.Ready, 0, null), (told.State, told.Replaced, told.Failure));
    }

    [Promise]
    public async Task A_model_that_takes_too_long_is_answered_504_and_the_next_request_is_served()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Bare("slow.onnx")) { RequestLimit = TimeSpan.FromSeconds(1) });

        var late = await AskAsync(worker, """{"inputs": [1000000000000]}""");

        Assert.Equal((504, "model"), (late.Status, late.Failure));
        Assert.Contains("did not answer within 1 s", late.Body, StringComparison.Ordinal);
        Assert.Equal("""{"predictions":{"rounded":[2]}}""", (await AskAsync(worker, """{"inputs": [2]}""")).Body);
    }

    [Promise]
    public async Task A_failure_of_the_model_is_a_400_with_a_header_that_says_so()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Bare("greedy.onnx")));

        var failed = await AskAsync(worker, """{"inputs": [-5]}""");

        Assert.Equal((400, "model"), (failed.Status, failed.Failure));
        Assert.StartsWith("""{"error_code":"BAD_REQUEST","message":"Encountered an unexpected error while evaluating the model""", failed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Body, StringComparison.Ordinal);
    }

    [Promise]
    public async Task Requests_at_the_same_time_are_batched_where_that_is_wanted()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")) { BatchRows = 16, BatchWait = TimeSpan.FromMilliseconds(20) });

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync(worker, Iris)));

        Assert.All(answers, answer => Assert.StartsWith("""{"predictions":[{"label":0,""", answer.Body, StringComparison.Ordinal));
    }

    private static async Task<(int Status, string? Failure)> StatusAsync(IWorker worker, string body, string? contentType = "application/json")
    {
        var answer = await AskAsync(worker, body, contentType);
        return (answer.Status, answer.Failure);
    }
}
