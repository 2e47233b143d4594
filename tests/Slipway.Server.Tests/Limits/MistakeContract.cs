using System.Buffers.Text;
using System.Net;
using System.Text;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Limits;

/// <summary>Odd requests are the caller's mistake: 400 with a reason, never a 5xx, which clients repeat for minutes.</summary>
public abstract class MistakeContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private string _run = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await CreateRunAsync();
        await CreateModelAsync("iris");
    }

    [PromiseTheory]
    [InlineData("")]
    [InlineData("""["\ud800aaaaaaaaaa",[]]""")]
    [InlineData("""["x",["\ud800"]]""")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_broken_page_token_is_refused(string json)
    {
        var token = json.Length == 0 ? "%%%" : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

        Refused(await Client.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, page_token = token }));
        Refused(await Client.PostAsync("experiments/search", new { page_token = token }));
        Refused(await Client.GetAsync("model-versions/search", ("page_token", token)));
        Refused(await Client.GetAsync("metrics/get-history", ("run_id", _run), ("metric_key", "m"), ("page_token", token)));
    }

    [PromiseTheory]
    [InlineData("registered-models/get-latest-versions", """{"name": "iris", "stages": [null]}""")]
    [InlineData("runs/search", """{"experiment_ids": ["0"], "order_by": [null]}""")]
    [InlineData("runs/search", """{"experiment_ids": [null]}""")]
    [InlineData("experiments/search", """{"order_by": [null]}""")]
    [InlineData("logged-models/search", """{"experiment_ids": ["0"], "order_by": [null]}""")]
    [InlineData("logged-models/search", """{"experiment_ids": ["0"], "datasets": [null]}""")]
    [InlineData("runs/log-batch", """{"run_id": "RUN", "metrics": [null]}""")]
    [InlineData("runs/log-batch", """{"run_id": "RUN", "params": [null]}""")]
    [InlineData("runs/log-inputs", """{"run_id": "RUN", "datasets": [null]}""")]
    [InlineData("runs/outputs", """{"run_id": "RUN", "models": [null]}""")]
    [InlineData("runs/create", """{"tags": [null]}""")]
    public async Task Nothing_in_a_list_is_refused(string path, string body) =>
        Refused(await Client.SendTextAsync(HttpMethod.Post, path, body.Replace("RUN", _run, StringComparison.Ordinal)));

    [PromiseTheory]
    [InlineData("""{"artifact_path": 1, "artifact_path": 2, "flavors": 1, "utc_time_created": 1, "run_id": 1}""")]
    [InlineData("""{"\ud800": 2, "artifact_path": 2, "flavors": 1, "utc_time_created": 1, "run_id": 1}""")]
    [InlineData("[]")]
    public async Task An_odd_model_description_is_refused(string json) =>
        Refused(await Client.PostAsync("runs/log-model", new { run_id = _run, model_json = json }));

    [Promise]
    public async Task A_deep_model_description_does_not_cost_the_history()
    {
        var deep = $$"""{"artifact_path": "a", "flavors": {{new string('[', 62)}}{{new string(']', 62)}}, "utc_time_created": 1, "run_id": 1}""";
        (await Client.PostAsync("runs/log-model", new { run_id = _run, model_json = deep })).Ok();
        (await Client.PostAsync("runs/log-model", new { run_id = _run, model_json = """{"artifact_path": "b", "flavors": {}, "utc_time_created": 1, "run_id": 1}""" })).Ok();

        var tags = (await Client.GetAsync("runs/get", ("run_id", _run))).Ok()["run"]!["data"]!["tags"]!.AsArray();
        var history = tags.Single(tag => tag!["key"]!.GetValue<string>() == "mlflow.log-model.history")!["value"]!.GetValue<string>();
        Assert.StartsWith("[{", history, StringComparison.Ordinal);
        Assert.Contains("\"a\"", history, StringComparison.Ordinal);
        Assert.Contains("\"b\"", history, StringComparison.Ordinal);
    }

    [Promise]
    public async Task What_a_client_wrote_into_the_tag_of_versions_does_not_stop_a_registration()
    {
        var model = (await Client.PostAsync("logged-models", new { experiment_id = "0", tags = new[] { new { key = "mlflow.modelVersions", value = """["\ud800"]""" } } })).Ok();
        var id = model["model"]!["info"]!["model_id"]!.GetValue<string>();

        (await Client.PostAsync("model-versions/create", new { name = "iris", source = $"models:/{id}", model_id = id })).Ok();
    }

    [Promise]
    public async Task An_odd_target_is_not_found()
    {
        var target = await RawHttp.SendAsync(Address, $"GET http://{Address.Authority}?x=/y HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n\r\n");
        var nul = await RawHttp.SendAsync(Address, $"GET /model-versions/get-artifact?name=a%00b&version=1&path=x HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n\r\n");

        Assert.InRange(target!.Status, 200, 499);
        Assert.Equal(400, nul!.Status);
    }

    [Promise]
    public async Task A_foreign_host_or_origin_is_refused()
    {
        var rebound = await RawHttp.SendAsync(Address, "GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        using var foreign = Client.With("Origin", "https://evil.example");
        using var local = Client.With("Origin", "http://localhost:3000");

        Assert.Equal(403, rebound!.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await foreign.PostAsync("experiments/create", new { name = "forged" })).Status);
        (await local.PostAsync("experiments/create", new { name = "mine" })).Ok();
    }

    private static void Refused(WireReply reply) => Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (reply.Status, reply.ErrorCode));
}

public sealed class MistakesOnSqlite() : MistakeContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class MistakesOnPostgres() : MistakeContract(Fresh.PostgresAsync);
