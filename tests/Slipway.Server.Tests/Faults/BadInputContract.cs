using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Faults;

/// <summary>What bad input gets, whatever the database: a sentence with a status below 500, and no effect.</summary>
public abstract class BadInputContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private string _run = "";
    private string _model = "";
    private string _before = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await CreateRunAsync();
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        _model = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "net" })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.PostAsync("experiments/create", new { name = "taken" })).Ok();
        _before = await Fingerprint.OfAsync(Database);
    }

    [Promise]
    public Task Bodies_that_are_no_JSON_object() => AssertRefusedAsync(
        from path in new[] { "experiments/create", "registered-models/create", "runs/log-batch", "model-versions/transition-stage" }
        from body in new[]
        {
            "{", "}", "{\"name\": }", "nonsense", "{\"name\": \"a\"} {", "{'name': 'a'}", "{\"name\": \"a\",}", "[]", "[{\"name\": \"a\"}]", "7", "-", "true", "\"text\"", "\"{\"",
            "\"\\\"\\\"\"", "{\"name\": \"\\ud800\"}", "{\"name\": \"a\\u0000b\"}", "{\"name\": \"\\x\"}", "\u00ff", Deep(60, "\"name\""), Deep(5000, "\"name\""), new string('[', 100_000),
        }
        select (HttpMethod.Post, path, body));

    [Promise]
    public Task Values_of_other_types() => AssertRefusedAsync(
    [
        Post("experiments/create", """{"name": 5}"""),
        Post("experiments/create", """{"name": {"a": 1}}"""),
        Post("experiments/create", """{"name": "a", "tags": "x"}"""),
        Post("experiments/create", """{"name": "a", "tags": {"a": 1}}"""),
        Post("experiments/create", """{"name": "a", "tags": [5]}"""),
        Post("experiments/create", """{"name": "a", "tags": [{"key": 5, "value": "b"}]}"""),
        Post("experiments/delete", """{"experiment_id": 0}"""),
        Post("experiments/delete", """{"experiment_id": "zero"}"""),
        Post("experiments/delete", """{"experiment_id": "99999999999999999999999"}"""),
        Post("experiments/delete", """{"experiment_id": "9223372036854775807"}"""),
        Post("runs/create", """{"experiment_id": "0", "start_time": "soon"}"""),
        Post("runs/create", """{"experiment_id": "0", "start_time": 1e30}"""),
        Post("runs/create", """{"experiment_id": "0", "start_time": NaN}"""),
        Post("runs/create", """{"experiment_id": "0", "start_time": true}"""),
        Post("runs/update", """{"run_id": "RUN", "status": "DONE"}"""),
        Post("runs/update", """{"run_id": "RUN", "run_name": "x", "status": 99}"""),
        Post("runs/update", """{"run_id": "RUN", "run_name": "x", "end_time": "soon"}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": "much", "timestamp": 1}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": [1], "timestamp": 1}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": NaN}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": Infinity}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": 1, "step": -Infinity}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": -1}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": 9223372036854775808}"""),
        Post("runs/log-parameter", """{"run_id": "RUN", "key": "a", "value": 3}"""),
        Post("runs/log-parameter", """{"run_id": ["RUN"], "key": "a", "value": "3"}"""),
        Post("runs/set-tag", """{"run_id": "RUN", "key": "a", "value": {"b": 1}}"""),
        Post("runs/search", """{"experiment_ids": "0"}"""),
        Post("runs/search", """{"experiment_ids": ["0"], "max_results": NaN}"""),
        Post("runs/search", """{"experiment_ids": ["0"], "max_results": -5}"""),
        Post("model-versions/create", """{"name": "iris", "source": 7}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": 1, "stage": "Production"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "1", "stage": "Production", "archive_existing_versions": "true"}"""),
        Post("registered-models/alias", """{"name": "iris", "alias": "a", "version": {}}"""),
        Post("logged-models", """{"experiment_id": "0", "params": [{"key": "a", "value": 1}]}"""),
    ]);

    [Promise]
    public Task Names_that_are_taken_missing_or_not_allowed() => AssertRefusedAsync(
    [
        Post("registered-models/create", """{"name": "iris"}"""),
        Post("registered-models/create", """{"name": "  "}"""),
        Post("registered-models/create", """{"name": "a/b"}"""),
        Post("registered-models/create", """{"name": "iris", "tags": [{"key": "a"}]}"""),
        Post("registered-models/create", """{"name": "new", "tags": [{"key": "", "value": "a"}]}"""),
        Post("registered-models/rename", """{"name": "iris", "new_name": ""}"""),
        Post("registered-models/rename", """{"name": "rose", "new_name": "daisy"}"""),
        Post("experiments/create", """{"name": "taken"}"""),
        Post("experiments/create", """{"name": ""}"""),
        Post("experiments/create", """{}"""),
        Post("experiments/create", """{"name": null}"""),
        Post("experiments/create", """{"name": "new", "artifact_location": "file:///etc"}"""),
        Post("experiments/create", """{"name": "new", "artifact_location": "../.."}"""),
        Post("experiments/update", """{"experiment_id": "0", "new_name": "taken"}"""),
        Post("model-versions/create", """{"name": "rose", "source": "s3://bucket/a"}"""),
        Post("model-versions/create", """{"name": "iris"}"""),
        Post("model-versions/create", """{"name": "iris", "source": "s3://bucket/a", "model_id": "m-0"}"""),
        Post("model-versions/create", """{"name": "iris", "source": "models:/rose/1"}"""),
        Post("model-versions/create", """{"name": "iris", "source": "models:/%zz/1"}"""),
        Post("model-versions/create", """{"name": "iris", "source": "file:///etc/passwd"}"""),
        Post("model-versions/create", """{"name": "iris", "source": "/etc", "run_id": "RUN"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "1", "stage": "Live"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "1", "stage": "Archived", "archive_existing_versions": true}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "2", "stage": "Production"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "one", "stage": "Production"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "-", "stage": "Production"}"""),
        Post("model-versions/transition-stage", """{"name": "iris", "version": "99999999999999999999", "stage": "Production"}"""),
        Post("registered-models/alias", """{"name": "iris", "alias": "latest", "version": "1"}"""),
        Post("registered-models/alias", """{"name": "iris", "alias": "v1", "version": "1"}"""),
        Post("registered-models/alias", """{"name": "iris", "alias": "a b", "version": "1"}"""),
        Post("runs/create", """{"experiment_id": "77"}"""),
        Post("runs/create", """{"experiment_id": "0", "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]}"""),
        Post("runs/log-metric", """{"run_id": "../x", "key": "a", "value": 1, "timestamp": 1}"""),
        Post("runs/log-metric", """{"run_id": "RUN", "key": "/a", "value": 1, "timestamp": 1}"""),
        Post("runs/delete-tag", """{"run_id": "RUN", "key": "none"}"""),
        Post("runs/log-model", """{"run_id": "RUN", "model_json": "[]"}"""),
        Post("runs/log-model", """{"run_id": "RUN", "model_json": "{"}"""),
        Post("runs/log-model", """{"run_id": "RUN", "model_json": "{\"run_id\": 1, \"run_id\": 2}"}"""),
        Post("runs/log-inputs", """{"run_id": "RUN", "datasets": [{}]}"""),
        Post("runs/log-inputs", """{"run_id": "RUN", "datasets": [{"dataset": {"name": "d", "digest": "1", "source_type": "s", "source": "s"}}, null]}"""),
        Post("runs/log-inputs", """{"run_id": "RUN", "models": [{"model_id": "m-1"}, {}]}"""),
        Post("runs/outputs", """{"run_id": "RUN"}"""),
        Post("logged-models", """{"experiment_id": "0", "name": "a/b"}"""),
        (HttpMethod.Patch, "logged-models/MODEL", """{"status": "SOON"}"""),
        (HttpMethod.Patch, "logged-models/m-0", """{"status": 2}"""),
        (HttpMethod.Patch, "registered-models/update", """{"name": "rose", "description": "a"}"""),
        (HttpMethod.Delete, "registered-models/delete", """{"name": "rose"}"""),
        (HttpMethod.Delete, "model-versions/delete", """{"name": "iris", "version": "2"}"""),
        (HttpMethod.Delete, "logged-models/MODEL/tags/none", ""),
    ]);

    [Promise]
    public Task Values_that_are_too_long_for_any_index() => AssertRefusedAsync(
    [
        Post("experiments/create", $$"""{"name": "{{Noise(501)}}"}"""),
        Post("experiments/create", $$"""{"name": "new", "tags": [{"key": "{{Noise(9000)}}", "value": "a"}]}"""),
        Post("experiments/set-experiment-tag", $$"""{"experiment_id": "0", "key": "{{Noise(9000)}}", "value": "a"}"""),
        Post("registered-models/create", $$"""{"name": "{{Noise(9000)}}"}"""),
        Post("registered-models/set-tag", $$"""{"name": "iris", "key": "{{Noise(9000)}}", "value": "a"}"""),
        Post("registered-models/alias", $$"""{"name": "iris", "alias": "{{Noise(9000)}}", "version": "1"}"""),
        Post("model-versions/create", $$"""{"name": "iris", "source": "s3://bucket/a", "run_id": "{{Noise(9000)}}"}"""),
        Post("runs/create", $$"""{"experiment_id": "0", "tags": [{"key": "{{Noise(9000)}}", "value": "a"}]}"""),
        Post("runs/log-metric", $$"""{"run_id": "RUN", "key": "a", "value": 1, "timestamp": 1, "model_id": "MODEL", "dataset_name": "{{Noise(9000)}}", "dataset_digest": "1"}"""),
        Post("runs/log-inputs", $$"""{"run_id": "RUN", "models": [{"model_id": "{{Noise(9000)}}"}]}"""),
        Post("runs/outputs", $$"""{"run_id": "RUN", "models": [{"model_id": "{{Noise(9000)}}", "step": 1}]}"""),
        Post("logged-models/MODEL/params", $$"""{"params": [{"key": "{{Noise(9000)}}", "value": "a"}]}"""),
        (HttpMethod.Patch, "logged-models/MODEL/tags", $$"""{"tags": [{"key": "{{Noise(9000)}}", "value": "a"}]}"""),
    ]);

    [Promise]
    public Task Page_tokens_filters_and_orders_that_nobody_gave_out() => AssertRefusedAsync(
        from token in new[] { "garbage", "AAAA", "eyJvZmZzZXQiOiAxfQ==", "\\u00e9", new string('A', 20_000) }
        from search in new[]
        {
            Post("runs/search", $$"""{"experiment_ids": ["0"], "page_token": "{{token}}"}"""),
            Post("experiments/search", $$"""{"max_results": 5, "page_token": "{{token}}"}"""),
            Post("logged-models/search", $$"""{"experiment_ids": ["0"], "page_token": "{{token}}"}"""),
            (HttpMethod.Get, $"registered-models/search?page_token={Uri.EscapeDataString(token)}", ""),
            (HttpMethod.Get, $"model-versions/search?page_token={Uri.EscapeDataString(token)}", ""),
            (HttpMethod.Get, $"metrics/get-history?run_id=RUN&metric_key=a&page_token={Uri.EscapeDataString(token)}", ""),
            Post("runs/search", """{"experiment_ids": ["0"], "filter": "metrics.a >"}"""),
            Post("runs/search", """{"experiment_ids": ["0"], "order_by": ["nonsense"]}"""),
        }
        select search);

    [Promise]
    public Task Queries_and_paths() => AssertRefusedAsync(
    [
        Get("runs/get"),
        Get("runs/get?run_id="),
        Get("runs/get?run_id=%zz"),
        Get("runs/get?run_id=%ff%fe"),
        Get("runs/get?run_id=%00"),
        Get("runs/get?run_id=none"),
        Get("experiments/get?experiment_id=-1"),
        Get("experiments/get?experiment_id=zero"),
        Get("experiments/get-by-name?experiment_name=a%00b"),
        Get("registered-models/search?max_results=0"),
        Get("registered-models/search?max_results=99999999999999999999"),
        Get("registered-models/get-latest-versions?name=iris&stages=Live"),
        Get("model-versions/get?name=iris&version=1.0"),
        Get("metrics/get-history-bulk-interval?run_ids=RUN&metric_key=a&start_step=5&end_step=1"),
        Get("metrics/get-history?run_id=RUN&metric_key=a&max_results=-1"),
        Get("logged-models/%ff"),
        Get($"logged-models/{new string('m', 30_000)}"),
        Get("logged-models/MODEL?allow_deleted=maybe"),
    ]);

    private async Task AssertRefusedAsync(IEnumerable<(HttpMethod Method, string Path, string Body)> requests)
    {
        var failures = new StringBuilder();
        foreach (var (method, path, body) in requests)
        {
            var text = body.Replace("RUN", _run, StringComparison.Ordinal).Replace("MODEL", _model, StringComparison.Ordinal);
            using var content = method == HttpMethod.Get ? null : new StringContent(text, Encoding.UTF8, "application/json");
            var reply = await Client.SendAsync(method, path.Replace("RUN", _run, StringComparison.Ordinal).Replace("MODEL", _model, StringComparison.Ordinal), content);
            if ((int)reply.Status is < 400 or >= 500 || reply.ErrorCode is null || string.IsNullOrEmpty(reply.Message))
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"{method} {Shorten(path)} {Shorten(body)}: {(int)reply.Status} {Shorten(reply.Text)}");
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
        await AssertNoEffectAsync("bad input");
    }

    private async Task AssertNoEffectAsync(string what)
    {
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/health")).Status);
        Assert.True(_before == await Fingerprint.OfAsync(Database), $"After {what}: {await Fingerprint.OfAsync(Database)}, not {_before}");
    }

    private static (HttpMethod Method, string Path, string Body) Post(string path, string body) => (HttpMethod.Post, path, body);

    private static (HttpMethod Method, string Path, string Body) Get(string path) => (HttpMethod.Get, path, "");

    private static string Deep(int depth, string name) => $"{{{name}: {string.Concat(Enumerable.Repeat("{\"a\": ", depth))}1{new string('}', depth + 1)}";

    // Letters in no order, so that no database can compress them.
    private static string Noise(int length)
    {
        var random = new Random(length);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : $"{text[..200]}…";
}

public sealed class BadInputOnSqlite() : BadInputContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class BadInputOnPostgres() : BadInputContract(Fresh.PostgresAsync);
