using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Faults;

/// <summary>How requests are read and failures answered, whatever the endpoint and the database.</summary>
public abstract class WireRulesContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Create = "/api/2.0/mlflow/experiments/create";

    [Promise]
    public async Task Each_kind_of_failure_has_its_code_and_status()
    {
        await CreateModelAsync("iris");

        AssertFault(400, "INVALID_PARAMETER_VALUE", await Client.PostAsync("registered-models/create"));
        AssertFault(400, "RESOURCE_ALREADY_EXISTS", await Client.PostAsync("registered-models/create", new { name = "iris" }));
        AssertFault(404, "RESOURCE_DOES_NOT_EXIST", await Client.GetAsync("registered-models/get", ("name", "rose")));
        AssertFault(404, "RESOURCE_DOES_NOT_EXIST", await Client.GetAsync("experiments/get-by-name", ("experiment_name", "none")));
        AssertFault(403, "PERMISSION_DENIED", await Client.With("Origin", "http://evil.example").PostAsync("registered-models/create", new { name = "rose" }));
        var (name, code) = ("Missing value for required parameter 'name'", (await Client.PostAsync("registered-models/create")).Body!.AsObject());
        Assert.Equal(["error_code", "message"], code.Select(property => property.Key));
        Assert.Contains(name, code["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Promise]
    public async Task What_is_not_served_is_answered_in_JSON()
    {
        foreach (var path in new[] { "/api/2.0/mlflow/none", "/api/3.0/mlflow/traces/search", "/none", "/graphql", "/API/2.0/mlflow/runs/get", "/api/2.0/mlflow//runs/get", "/api/2.0/mlflow/runs/get/", "/api/2.0/mlflow/runs/../runs/get" })
        {
            var reply = await RawHttp.SendAsync(Address, $"GET {path}?run_id=a HTTP/1.1\r\nHost: {Address.Authority}\r\n\r\n");
            Assert.Equal((404, "application/json"), (reply!.Status, reply.Header("Content-Type")));
            Assert.Equal("ENDPOINT_NOT_FOUND", JsonNode.Parse(reply.Body)!["error_code"]!.GetValue<string>());
        }
    }

    [Promise]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        foreach (var (method, path, allowed) in new[] { ("GET", Create, "POST"), ("PUT", Create, "POST"), ("POST", "/api/2.0/mlflow/registered-models/update", "PATCH"), ("DELETE", "/api/2.0/mlflow/registered-models/alias", "") })
        {
            var reply = await RawHttp.SendAsync(Address, $"{method} {path} HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
            if (allowed.Length == 0)
            {
                Assert.Equal(400, reply!.Status);
                continue;
            }

            Assert.Equal((405, "application/json"), (reply!.Status, reply.Header("Content-Type")));
            Assert.Contains(allowed, reply.Header("Allow"), StringComparison.Ordinal);
            Assert.Equal("ENDPOINT_NOT_FOUND", JsonNode.Parse(reply.Body)!["error_code"]!.GetValue<string>());
        }
    }

    [Promise]
    public async Task Whatever_has_a_body_says_that_it_is_JSON()
    {
        AssertFault(400, "INVALID_PARAMETER_VALUE", await SendAsync(HttpMethod.Post, "experiments/create", """{"name": "none"}""", null));
        foreach (var type in new[] { "text/plain", "application/jsonx", "application/x-www-form-urlencoded", "multipart/form-data", "application/json2; charset=utf-8" })
        {
            AssertFault(400, "INVALID_PARAMETER_VALUE", await SendAsync(HttpMethod.Post, "experiments/create", """{"name": "none"}""", type));
        }

        foreach (var (type, number) in new[] { "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "application/json ; x=y" }.Select((type, number) => (type, number)))
        {
            (await SendAsync(HttpMethod.Post, "experiments/create", $$"""{"name": "experiment {{number}}"}""", type)).Ok();
        }

        await CreateModelAsync("iris");
        AssertFault(400, "INVALID_PARAMETER_VALUE", await SendAsync(HttpMethod.Patch, "registered-models/update", """{"name": "iris", "description": "a"}""", null));
        AssertFault(400, "INVALID_PARAMETER_VALUE", await SendAsync(HttpMethod.Delete, "registered-models/delete", """{"name": "iris"}""", "text/plain"));
        (await SendAsync(HttpMethod.Delete, "registered-models/delete", """{"name": "iris"}""", "application/json")).Ok();
    }

    [Promise]
    public async Task A_body_may_be_empty_or_encoded_twice_but_must_be_an_object()
    {
        foreach (var body in new[] { "", " \r\n", "null", "{}", "\"{}\"", "\"\"", "[]", "7", "\"7\"", "\"[]\"", "\"\\\"{}\\\"\"", "{" })
        {
            AssertFault(400, "INVALID_PARAMETER_VALUE", await Client.SendTextAsync(HttpMethod.Post, "experiments/create", body));
        }

        (await Client.SendTextAsync(HttpMethod.Post, "experiments/create", """ "{\"name\": \"twice \\\"quoted\\\" \\u00e9\"}" """)).Ok();
        (await Client.GetAsync("experiments/get-by-name", ("experiment_name", "twice \"quoted\" é"))).Ok();
    }

    [Promise]
    public async Task A_GET_is_read_from_its_query_or_without_one_from_its_body()
    {
        await CreateModelAsync("iris");
        await CreateModelAsync("rose");

        Assert.Equal("iris", await NameAsync("registered-models/get", """{"name": "iris"}"""));
        Assert.Equal("iris", await NameAsync("registered-models/get?name=iris", """{"name": "rose"}"""));
        Assert.Equal("iris", await NameAsync("registered-models/get?name=iris&colour=red&%6eame2=x", ""));
        AssertFault(400, "INVALID_PARAMETER_VALUE", await SendAsync(HttpMethod.Get, "registered-models/get?colour=red", """{"name": "iris"}""", "application/json"));

        async Task<string> NameAsync(string path, string body) =>
            (await SendAsync(HttpMethod.Get, path, body, "application/json")).Ok()["registered_model"]!["name"]!.GetValue<string>();
    }

    [Promise]
    public async Task Queries_carry_lists_booleans_numbers_and_enums_as_texts()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        await CreateVersionAsync("iris");
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Staging" })).Ok();
        Assert.Equal(2, await CountAsync("registered-models/get-latest-versions?name=iris&stages=Staging&stages=None", "model_versions"));
        Assert.Equal(1, await CountAsync("registered-models/get-latest-versions?name=iris&stages=Staging", "model_versions"));
        Assert.Equal(1, await CountAsync("model-versions/search?max_results=1", "model_versions"));

        (await Client.PostAsync("experiments/create", new { name = "gone" })).Ok();
        (await Client.PostAsync("experiments/delete", new { experiment_id = "1" })).Ok();
        foreach (var (view, count) in new[] { ("ACTIVE_ONLY", 1), ("1", 1), ("DELETED_ONLY", 1), ("ALL", 2), ("3", 2) })
        {
            Assert.Equal(count, await CountAsync($"experiments/search?max_results=10&view_type={view}", "experiments"));
        }

        AssertFault(400, "INVALID_PARAMETER_VALUE", await Client.GetAsync("experiments/search?max_results=10&view_type=SOME"));
        var model = (await Client.PostAsync("logged-models", new { experiment_id = "0" })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.DeleteAsync($"logged-models/{model}")).Ok();
        foreach (var yes in new[] { "true", "True", "TRUE" })
        {
            (await Client.GetAsync($"logged-models/{model}?allow_deleted={yes}")).Ok();
        }

        AssertFault(404, "RESOURCE_DOES_NOT_EXIST", await Client.GetAsync($"logged-models/{model}?allow_deleted=False"));
        AssertFault(400, "INVALID_PARAMETER_VALUE", await Client.GetAsync($"logged-models/{model}?allow_deleted=1"));
    }

    [Promise]
    public async Task Unknown_fields_are_ignored_null_is_absent_and_a_bad_field_spoils_the_whole_request()
    {
        (await Client.SendTextAsync(HttpMethod.Post, "experiments/create", """{"name": "a", "tags": null, "artifact_location": null, "colour": {"deep": [1, {"er": null}]}, "tags2": 7}""")).Ok();
        var run = (await Client.SendTextAsync(HttpMethod.Post, "runs/create", """{"experiment_id": "0", "start_time": "12.0"}"""));
        AssertFault(400, "INVALID_PARAMETER_VALUE", run);
        foreach (var start in new[] { "12", "12.0", "\"12\"", "1.2e1" })
        {
            var info = (await Client.SendTextAsync(HttpMethod.Post, "runs/create", $$"""{"experiment_id": "0", "start_time": {{start}}}""")).Ok()["run"]!["info"]!;
            Assert.Equal(12, info["start_time"]!.GetValue<long>());
        }

        var id = await CreateRunAsync();
        foreach (var body in new[] { """{"run_id": "ID", "run_name": "renamed", "status": "DONE"}""", """{"status": 99, "run_id": "ID", "run_name": "renamed"}""", """{"run_name": "renamed", "run_id": "ID", "end_time": 1.5}""" })
        {
            AssertFault(400, "INVALID_PARAMETER_VALUE", await Client.SendTextAsync(HttpMethod.Post, "runs/update", body.Replace("ID", id, StringComparison.Ordinal)));
        }

        var after = (await Client.GetAsync("runs/get", ("run_id", id))).Ok()["run"]!["info"]!;
        Assert.NotEqual("renamed", after["run_name"]!.GetValue<string>());
        Assert.Equal("RUNNING", after["status"]!.GetValue<string>());
        (await Client.SendTextAsync(HttpMethod.Post, "runs/update", $$"""{"run_id": "{{id}}", "status": 3}""")).Ok();
        Assert.Equal("FINISHED", (await Client.GetAsync("runs/get", ("run_id", id))).Ok()["run"]!["info"]!["status"]!.GetValue<string>());
    }

    [Promise]
    public async Task A_request_may_name_a_workspace_only_where_it_does_not_matter()
    {
        using var named = Client.With("X-MLFLOW-WORKSPACE", "team-a");
        using var blank = Client.With("X-MLFLOW-WORKSPACE", " ");

        AssertFault(400, "INVALID_PARAMETER_VALUE", await named.PostAsync("experiments/create", new { name = "a" }));
        AssertFault(400, "INVALID_PARAMETER_VALUE", await named.GetAsync("experiments/get", ("experiment_id", "0")));
        Assert.Equal(HttpStatusCode.OK, (await named.GetAsync("/api/3.0/mlflow/server-info")).Status);
        (await blank.PostAsync("experiments/create", new { name = "a" })).Ok();
    }

    private async Task<int> CountAsync(string path, string list) => (await Client.GetAsync(path)).Ok()[list]?.AsArray().Count ?? 0;

    private Task<WireReply> SendAsync(HttpMethod method, string path, string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return Client.SendAsync(method, path, content);
    }

    private static void AssertFault(int status, string code, WireReply reply)
    {
        Assert.True(((int)reply.Status, reply.ErrorCode) == (status, code), $"{(int)reply.Status} {reply.Text}");
        Assert.False(string.IsNullOrEmpty(reply.Message));
    }
}

public sealed class WireRulesOnSqlite() : WireRulesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class WireRulesOnPostgres() : WireRulesContract(Fresh.PostgresAsync);
