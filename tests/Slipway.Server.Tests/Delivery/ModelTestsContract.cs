using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What the tests that Slipway runs promise, whatever the database.</summary>
public abstract class ModelTestsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    protected override Action<ServerOptions>? Configure => options => options.Gateways = false;

    [Promise]
    public async Task The_usual_tests_run_in_a_worker_and_are_evidence()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");

        var tests = await RunAsync(version, new { });

        Assert.Equal(["schema passed", "inference passed", "latency passed"], tests.Select(Told));
        Assert.Equal(("signature", 200.0, 400.0), (Text(tests[0]!, "sample"), Number(tests[0]!, "right_input_status"), Number(tests[0]!, "wrong_input_status")));
        Assert.True(Number(tests[2]!, "p50_ms") <= Number(tests[2]!, "p99_ms"));
        Assert.Equal(3, (await Client.GetAsync($"{Path(version)}/tests")).Ok()["tests"]!.AsArray().Count);
        Assert.Equal(["test.record", "test.record", "test.record"], await ColumnAsync($"select action from audit where action = 'test.record'"));
        Assert.All(tests, test => Assert.Equal(64, test!["manifest_digest"]!.GetValue<string>().Length));
    }

    [Promise]
    public async Task What_the_first_inference_answered_is_what_the_next_one_is_compared_with()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");

        var first = (await RunAsync(version, new { only = new[] { "inference" } }))[0]!;
        var second = (await RunAsync(version, new { only = new[] { "inference_test" } }))[0]!;

        Assert.Equal(("no", "yes"), (Text(first, "compared"), Text(second, "compared")));
        Assert.Equal(("inference_test passed", Text(first, "answer")), (Told(second), Text(second, "answer")));
    }

    [Promise]
    public async Task Rows_of_a_dataset_show_the_distribution_and_the_accuracy()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");
        await IrisModels.AddTableAsync(Client, "iris-eval");

        var tests = await RunAsync(version, new { only = new[] { "distribution", "accuracy" }, dataset = "iris-eval@1.0.0", label = "species", accuracy = 0.7 });
        var stricter = await RunAsync(version, new { only = new[] { "accuracy" }, dataset = "iris-eval@1.0.0", label = "species", accuracy = 0.8 });

        Assert.Equal(["distribution passed", "accuracy passed"], tests.Select(Told));
        Assert.Equal((9.0, "", "none in Production"), (Number(tests[0]!, "rows"), Text(tests[0]!, "missing_classes"), Text(tests[0]!, "against")));

        // The nearest mean takes two versicolors for virginicas.
        Assert.Equal(7.0 / 9, Number(tests[1]!, "accuracy"), 6);
        Assert.Equal("accuracy failed", Told(stricter[0]));
    }

    [Promise]
    public async Task The_predictions_are_held_against_those_of_the_version_in_production()
    {
        var served = await IrisModels.RegisterAsync(Client, "iris");
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = served, stage = "Production" })).Ok();
        var version = await IrisModels.RegisterAsync(Client, "iris");
        await IrisModels.AddTableAsync(Client, "iris-eval");

        var test = (await RunAsync(version, new { only = new[] { "distribution" }, dataset = "iris-eval@1.0.0", label = "species" }))[0]!;

        Assert.Equal("distribution passed", Told(test));
        Assert.Equal(0, Number(test, "shift"), 6);
    }

    [Promise]
    public async Task What_does_not_load_has_failed_and_says_why()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris", ("model.onnx", Encoding.UTF8.GetBytes("no model at all")));

        var tests = await RunAsync(version, new { });

        Assert.Equal(["schema failed", "inference failed", "latency failed"], tests.Select(Told));
        Assert.Contains("does not load", Text(tests[0]!, "reason"), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_scan_of_pickles_refuses_what_could_run_code_unless_someone_answers_for_it()
    {
        var version = await IrisModels.RegisterAsync(
            Client, "iris", ("MLmodel", "flavors: {sklearn: {pickled_model: model.pkl}}"u8.ToArray()), ("model.pkl", "cos\nsystem\n."u8.ToArray()));

        var refused = (await RunAsync(version, new { only = new[] { "pickle_scan" } }))[0]!;
        (await Client.PostAsync($"{Path(version)}/trust", new { reason = "it is a test" })).Ok();
        var trusted = (await RunAsync(version, new { only = new[] { "pickle_scan" } }))[0]!;

        Assert.Equal(("pickle_scan failed", "pickle_scan passed"), (Told(refused), Told(trusted)));
        Assert.Equal((1.0, 1.0, "os.system"), (Number(refused, "pickles"), Number(refused, "refused_count"), Text(refused, "imports")));
        Assert.Contains("model.pkl: os.system is not on the list", Text(refused, "refused"), StringComparison.Ordinal);
        Assert.Equal("yes", Text(trusted, "trusted"));
    }

    [Promise]
    public async Task Wrong_requests_are_told_what_is_allowed()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");

        var unknown = await Client.PostAsync($"{Path(version)}/test-runs", new { only = new[] { "beauty" } });
        var missing = await Client.PostAsync($"{Path(version)}/test-runs", new { dataset = "nothing@1.0.0" });
        var wild = await Client.PostAsync($"{Path(version)}/test-runs", new { only = new[] { "load" }, load_rate = 1e9 });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.Status, missing.Status, wild.Status));
        Assert.Contains("it runs schema, inference, latency, load, distribution, accuracy", unknown.Text, StringComparison.Ordinal);
        Assert.Empty((await Client.GetAsync($"{Path(version)}/tests")).Ok()["tests"]!.AsArray());
    }

    [Promise]
    public async Task A_promotion_that_lacks_tests_runs_them_where_its_pipeline_says_so()
    {
        (await Client.PostAsync(Crowd.Native + "pipelines", new
        {
            text = """
                pipeline: iris
                models: iris
                stages:
                  - name: Staging
                    testing: {latency_p95_ms: 5000, load_rate: 50, load_seconds: 0.5}
                    gates:
                      tests: [schema_test, inference, load_test]
                """,
        })).Ok();
        var version = await IrisModels.RegisterAsync(Client, "iris");

        var promotion = (await Client.PostAsync($"{Path(version)}/promotions", new { to = "Staging" })).Ok();

        await UntilAsync(promotion["id"]!.GetValue<long>(), "completed");
        Assert.Equal(["inference", "load_test", "schema_test"], await ColumnAsync($"select name from test_results order by name"));
        Assert.Equal(["slipway", "slipway", "slipway"], await ColumnAsync($"select actor from test_results"));
    }

    [Promise]
    public async Task A_test_of_either_name_meets_the_gate_of_the_other()
    {
        (await Client.PostAsync(Crowd.Native + "pipelines", new { text = "pipeline: iris\nmodels: iris\nstages: [{name: Staging, gates: {tests: [schema_test]}}]" })).Ok();
        var version = await IrisModels.RegisterAsync(Client, "iris");
        (await Client.PostAsync($"{Path(version)}/tests", new { name = "schema", outcome = "passed" })).Ok();

        Assert.True((await Client.GetAsync($"{Path(version)}/check", ("stage", "Staging"))).Ok()["met"]!.GetValue<bool>());

        (await Client.PostAsync($"{Path(version)}/tests", new { name = "schema_test", outcome = "failed" })).Ok();
        Assert.False((await Client.GetAsync($"{Path(version)}/check", ("stage", "Staging"))).Ok()["met"]!.GetValue<bool>());
    }

    private static string Path(string version) => $"{Crowd.Native}models/iris/versions/{version}";

    private static string Told(JsonNode? test) => $"{test!["name"]} {test["outcome"]}";

    private static string Text(JsonNode test, string name) => test["measured"]![name]!.GetValue<string>();

    private static double Number(JsonNode test, string name) => test["measured"]![name]!.GetValue<double>();

    private async Task<JsonArray> RunAsync(string version, object request) => (await Client.PostAsync($"{Path(version)}/test-runs", request)).Ok()["tests"]!.AsArray();

    private async Task UntilAsync(long promotion, string state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await ColumnAsync($"select state from promotions where id = {promotion}"))[0] != state)
        {
            Assert.False(patience.IsCancellationRequested, (await Client.GetAsync($"{Crowd.Native}promotions/{promotion}")).Text);
            await Task.Delay(50);
        }
    }
}

[Needs("onnx")]
public sealed class ModelTestsOnSqlite() : ModelTestsContract(Fresh.SqliteAsync);

[Needs("postgres"), Needs("onnx")]
public sealed class ModelTestsOnPostgres() : ModelTestsContract(Fresh.PostgresAsync);
