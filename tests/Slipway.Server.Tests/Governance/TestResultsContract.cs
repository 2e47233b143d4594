using System.Net;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What tests as evidence promise, whatever the database.</summary>
public abstract class TestResultsContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    [Promise]
    public async Task A_result_is_kept_as_it_was_told_and_is_in_the_audit_log()
    {
        await CreateModelAsync("iris");
        var version = await AddVersionAsync("iris");
        await TestAsync("iris", version, new { name = "load_test", outcome = "passed", measured = new { p95_ms = 12.50, engine = "onnx" }, link = "https://ci/1", inputs_digest = "sha256:aa" });

        var test = Assert.Single((await ListAsync(version))["tests"]!.AsArray())!;
        Assert.Equal(("load_test", "passed", "https://ci/1", "sha256:aa", "anonymous"), (Told(test, "name"), Told(test, "outcome"), Told(test, "link"), Told(test, "inputs_digest"), Told(test, "recorded_by")));
        Assert.Equal("""{"engine":"onnx","p95_ms":12.5}""", test["measured"]!.ToJsonString());
        Assert.Equal(await ColumnAsync($"select manifest_digest from model_versions"), [Told(test, "manifest_digest")]);
        Assert.Equal([$"models/iris/versions/{version}"], await ColumnAsync($"select resource from audit where action = 'test.record'"));
        Assert.Equal(["test.recorded"], await ColumnAsync($"select topic from outbox where topic = 'test.recorded'"));
    }

    [Promise]
    public async Task Results_are_listed_page_by_page_the_last_first()
    {
        await CreateModelAsync("iris");
        var version = await AddVersionAsync("iris");
        for (var i = 0; i < 5; i++)
        {
            await TestAsync("iris", version, new { name = i % 2 == 0 ? "even" : "odd", outcome = "passed", measured = new { i } });
        }

        var first = await ListAsync(version, ("limit", "2"));
        var second = await ListAsync(version, ("limit", "2"), ("before", first["next"]!.ToJsonString()));
        var third = await ListAsync(version, ("limit", "2"), ("before", second["next"]!.ToJsonString()));
        Assert.Equal([4, 3, 2, 1, 0], new[] { first, second, third }.SelectMany(page => page["tests"]!.AsArray()).Select(test => test!["measured"]!["i"]!.GetValue<int>()));
        Assert.Null(third["next"]);
        Assert.Equal(2, (await ListAsync(version, ("name", "odd")))["tests"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Path(version), ("limit", "0"))).Status);
    }

    [PromiseTheory]
    [InlineData("""{"outcome": "passed"}""", "name")]
    [InlineData("""{"name": "a"}""", "outcome")]
    [InlineData("""{"name": "a", "outcome": "PASSED"}""", "passed, failed or error")]
    [InlineData("""{"name": "../a", "outcome": "passed"}""", "name")]
    [InlineData("""{"name": "a", "outcome": "passed", "measured": [1]}""", "measured")]
    [InlineData("""{"name": "a", "outcome": "passed", "measured": {"x": 1e999}}""", "measured.x")]
    [InlineData("""{"name": "a", "outcome": "passed", "measured": {"x": [1]}}""", "measured.x")]
    [InlineData("""{"name": "a", "outcome": "passed", "measured": {"x": "\u0000"}}""", "measured.x")]
    [InlineData("""{"name": "a", "outcome": "passed", "measured": {"x": "\ud800"}}""", "measured.x")]
    [InlineData("""{"name": "a", "outcome": "passed", "link": "javascript:alert(1)"}""", "link")]
    public async Task What_is_no_result_is_refused_and_leaves_nothing(string body, string part)
    {
        await CreateModelAsync("iris");
        var version = await AddVersionAsync("iris");

        var refused = await Client.SendTextAsync(HttpMethod.Post, Path(version), body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(part, refused.Text, StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select id from test_results"));
    }

    [Promise]
    public async Task Unknown_versions_have_no_results()
    {
        await CreateModelAsync("iris");

        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync(Path("1"), new { name = "a", outcome = "passed" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(Path("1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Path("one"))).Status);
    }

    private static string Told(JsonNode test, string what) => test[what]!.GetValue<string>();

    private static string Path(string version) => $"{Native}models/iris/versions/{version}/tests";

    private async Task<JsonNode> ListAsync(string version, params (string, string)[] query) => (await Client.GetAsync(Path(version), query)).Ok();
}

public sealed class TestResultsOnSqlite() : TestResultsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TestResultsOnPostgres() : TestResultsContract(Fresh.PostgresAsync);
