using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Comparing;

/// <summary>What is promised of the comparison of two versions, whatever the database.</summary>
public abstract class VersionDiffContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Params_metrics_data_tests_files_and_signature_are_compared()
    {
        await CreateModelAsync("iris");
        await RegisterAsync(("0.1", 0.91), "aaaa", "double", "one");
        await RegisterAsync(("0.2", 0.95), "bbbb", "long", "two");
        await AddTestAsync(1, "failed");
        await AddTestAsync(2, "passed");

        var diff = (await Client.GetAsync("/api/slipway/v1/models/iris/diff", ("a", "1"), ("b", "2"))).Ok();

        Assert.Equal(["rate: 0.1 | 0.2"], Differences(diff, "params"));
        Assert.Equal(["accuracy: 0.91 | 0.95", "loss:  | NaN"], Differences(diff, "metrics"));
        Assert.Equal(["iris-train: aaaa | bbbb"], Differences(diff, "datasets"));
        Assert.Equal(["schema_test: failed | passed"], Differences(diff, "tests"));
        Assert.Equal(["MLmodel", "model.bin"], Differences(diff, "files").Select(difference => difference.Split(':')[0]));
        Assert.Equal(["inputs sepal: double | long"], Differences(diff, "signature"));
        Assert.Equal((1, 1, 1), (Same(diff, "params"), Same(diff, "files"), Same(diff, "signature")));
    }

    [Promise]
    public async Task What_can_not_be_looked_at_is_said_and_what_is_not_there_is_not_found()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        await CreateVersionAsync("iris");

        var diff = (await Client.GetAsync("/api/slipway/v1/models/iris/diff", ("a", "1"), ("b", "2"))).Ok();

        Assert.Contains("no run", Section(diff, "params")["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("no MLmodel", Section(diff, "signature")["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/slipway/v1/models/iris/diff", ("a", "1"), ("b", "3"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/api/slipway/v1/models/iris/diff", ("a", "1"))).Status);
    }

    private static JsonNode Section(JsonNode diff, string name) => diff["sections"]!.AsArray().Single(section => section!["section"]!.GetValue<string>() == name)!;

    private static IEnumerable<string> Differences(JsonNode diff, string section) =>
        Section(diff, section)["differences"]!.AsArray().Select(difference => $"{difference!["key"]}: {difference["a"]} | {difference["b"]}");

    private static long Same(JsonNode diff, string section) => Section(diff, section)["same"]!.GetValue<long>();

    private async Task RegisterAsync((string Rate, double Accuracy) logged, string digest, string type, string bytes)
    {
        var run = await CreateRunAsync();
        var metrics = new List<object> { new { key = "accuracy", value = logged.Accuracy, timestamp = 1, step = 0 } };
        if (bytes == "two")
        {
            metrics.Add(new { key = "loss", value = "NaN", timestamp = 1, step = 0 });
        }

        (await Client.PostAsync("runs/log-batch", new { run_id = run, metrics, @params = new[] { new { key = "rate", value = logged.Rate }, new { key = "depth", value = "3" } } })).Ok();
        (await Client.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "iris-train", digest, source_type = "local", source = "{}" } } } })).Ok();
        var folder = $"0/{run}/artifacts/model";
        await UploadAsync($"{folder}/model.bin", bytes);
        await UploadAsync($"{folder}/conda.yaml", "the same");
        await UploadAsync($"{folder}/MLmodel", $$$"""
            flavors:
              python_function: {loader_module: mlflow.sklearn}
            signature:
              inputs: '[{"type": "{{{type}}}", "name": "sepal", "required": true}]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
              params: null
            """);
        (await Client.PostAsync("model-versions/create", new { name = "iris", source = $"mlflow-artifacts:/{folder}", run_id = run })).Ok();
    }

    private async Task UploadAsync(string path, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        var reply = await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{path}", content);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    private async Task AddTestAsync(int version, string outcome)
    {
        await using var ingest = new Store.Ingest(Database, TimeProvider.System);
        await ingest.WriteAsync(async (writer, token) => await writer.ExecuteAsync($"""
            insert into test_results (id, version, name, outcome, measured, link, inputs_digest, manifest_digest, actor, at, seq)
            select {version}, v.id, {"schema_test"}, {outcome}, null, null, null, null, {"ci"}, 1, 1 from model_versions v where v.version = {version}
            """, token), CancellationToken.None);
    }
}

public sealed class VersionDiffOnSqlite() : VersionDiffContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class VersionDiffOnPostgres() : VersionDiffContract(Fresh.PostgresAsync);
