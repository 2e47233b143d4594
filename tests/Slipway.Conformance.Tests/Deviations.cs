using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests;

/// <summary>
/// All that our server answers otherwise than the recorded servers, on purpose. Each line names the rule of the wire contract
/// that wants it; "2.17/3.11" stands where the two recorded versions contradict each other and the newer one is followed.
/// </summary>
internal static class Deviations
{
    private const string NotFound = "RESOURCE_DOES_NOT_EXIST";

    public static IReadOnlyList<Deviation> All { get; } =
    [
        .. Shapes(), .. Routes(), .. Decoding(), .. Paging(), .. Experiments(), .. Datasets(), .. LoggedModels(),
        .. Search(), .. Models(), .. Versions(), .. Aliases(), .. Artifacts(),
    ];

    /// <summary>They come first: where an answer is replaced below, its shape is the new one's.</summary>
    private static IEnumerable<Deviation> Shapes() =>
    [
        Deviation.When("2.17/3.11", "a new run has inputs", exchange =>
                Is217(exchange) && exchange is { Method: "POST", Endpoint: "runs/create", Answer.Status: 200 })
            .ChangesJson(body => body["run"]!["inputs"] = new JsonObject()),
        Deviation.When("2.17/3.11", "a run has outputs", exchange =>
                Is217(exchange) && exchange.Endpoint is "runs/get" or "runs/search" && exchange.Answer.Status == 200)
            .ChangesJson(AddOutputs),
        Deviation.When("registry §1", "aliases may be told everywhere", IsOfRegistry)
            .MayAdd("$.model_versions[].aliases").MayAdd("$.registered_model.latest_versions[].aliases").MayAdd("$.registered_models[].latest_versions[].aliases"),
        Deviation.When("registry §1", "a version may tell its logged model", IsOfRegistry)
            .MayAdd("$.model_version.model_id").MayAdd("$.model_versions[].model_id").MayAdd("$.registered_model.latest_versions[].model_id")
            .MayAdd("$.registered_models[].latest_versions[].model_id"),
        Deviation.When("A-12", "an empty file may have the size 0", exchange => exchange.Answer.Json?["files"] is JsonArray)
            .MayAdd("$.files[].file_size", size => size?.ToJsonString() == "0"),
    ];

    private static IEnumerable<Deviation> Routes() =>
    [
        Deviation.When("README §1", "unknown paths and wrong methods are JSON; the routes of 1.x are served", exchange =>
                exchange.Answer is { Status: 404 or 405, MediaType: "text/html" } && !IsServedFor1x(exchange))
            .Changes(answer => new RecordedAnswer(answer.Status, Typed(answer, "application/json"), new Payload.Json(Deviation.Error("ENDPOINT_NOT_FOUND")))),

        Deviation.When("README §1", "preview paths are served for 1.x clients", exchange => exchange.Path == "/api/2.0/preview/mlflow/experiments/get")
            .AnswersAs(exchange => Library.Get(exchange.Recording)[45].Answer),
        Deviation.When("README §1", "preview paths are served for 1.x clients", exchange => exchange.Path == "/api/2.0/preview/mlflow/runs/search")
            .AnswersAs(exchange => WithEmptyRunParts(exchange.Recording, Library.Get(exchange.Recording)[88].Answer)),
        Deviation.When("README §1", "experiments/list is served for 1.x clients", exchange => exchange.Endpoint == "experiments/list")
            .AnswersAs(exchange => Json(new JsonObject
            {
                ["experiments"] = new JsonArray(Library.Get(exchange.Recording)[45].Answer.Json!["experiment"]!.DeepClone()),
            })),
        Deviation.When("README §1", "registered-models/list is served for 1.x clients", exchange => exchange.Endpoint == "registered-models/list")
            .Answers(200, new JsonObject()),

        Deviation.When("README §1", "/health is plain text", exchange => exchange.Path == "/health" && exchange.Answer.Status == 200)
            .AnswersType("text/html|text/plain"),
        Deviation.When("README §9", "the version is our own contract level", exchange => exchange.Path == "/version")
            .AnswersType("text/html|text/plain").Ignoring("$"),
        Deviation.When("README §1", "the front page is the UI or a plain page", exchange => exchange.Path == "/")
            .AnswersType("text/html|text/plain").Ignoring("$"),
        Deviation.When("2.17/3.11, U-32", "a preflight answers 204", exchange => exchange is { Method: "OPTIONS", Answer.Status: 200 })
            .Changes(answer => answer with { Status = 204 }),
    ];

    private static IEnumerable<Deviation> Decoding() =>
    [
        Deviation.When("W-7", "a body that is no JSON is refused as such", exchange => exchange.Body is Payload.Text { Value: "not json" })
            .Refuses(),
        Deviation.When("W-8", "a body that is an array is refused", exchange => (exchange.Body as Payload.Json)?.Value is JsonArray)
            .Refuses(),
        Deviation.When("W-11, W-12", "a metric's value is a number, not true, a list or an object", exchange =>
                exchange.Endpoint == "runs/log-metric" && exchange.Request?["value"]?.GetValueKind() is JsonValueKind.True or JsonValueKind.Array or JsonValueKind.Object)
            .Refuses(),
        Deviation.When("W-12", "an integer that is a fraction or too large is refused, not dropped", exchange =>
                exchange.Answer.Status == 200 && Numbers(exchange, "start_time", "step", "max_results").Any(number => number is "1.5" or "9223372036854775808"))
            .Refuses(),
        Deviation.When("W-12", "an enum's unknown name is refused, not ignored", exchange =>
                exchange.Answer.Status == 200 && Text(exchange, "status") is "finished" or "UNFINISHED" || Text(exchange, "run_view_type") == "BOGUS")
            .Refuses(),
        Deviation.When("W-11, W-12, 2.17/3.11", "an id is text, not a number, and a list is a list", exchange =>
                exchange.Answer.Status == 200 && (IsNumber(exchange.Request?["experiment_id"])
                    || IsNumber((exchange.Request?["experiment_ids"] as JsonArray)?.FirstOrDefault())
                    || exchange.Request?["experiment_ids"] is JsonValue))
            .Refuses(),
        Deviation.When("2.17/3.11", "half a dataset on a metric is refused", exchange => Is217(exchange) && exchange.Endpoint == "runs/log-metric"
                && exchange.Request is { } request && request.ContainsKey("dataset_name") && !request.ContainsKey("dataset_digest"))
            .Refuses(),
    ];

    private static IEnumerable<Deviation> Paging() =>
    [
        Deviation.When("README §6", "experiments/search without max_results is a page of 1000", exchange =>
                exchange is { Endpoint: "experiments/search", Method: "GET", Query: "" })
            .Answers(200, new JsonObject { ["experiments"] = new JsonArray() }).Ignoring("$.experiments"),
        Deviation.When("README §6", "a page of registered models has at least one", exchange => exchange.Endpoint == "registered-models/search"
                && (Has(exchange, "max_results=0") || Has(exchange, "max_results=-1")))
            .Refuses(),
        Deviation.When("README §6", "a page of logged models has at least one", exchange =>
                exchange.Endpoint == "logged-models/search" && Numbers(exchange, "max_results").Contains("0"))
            .Refuses(),
        Deviation.When("README §6", "a page token of garbage is refused", exchange =>
                exchange.Endpoint == "logged-models/search" && Text(exchange, "page_token") == "garbage")
            .Refuses(),
        Deviation.At("README §6, 2.17/3.11", "a page that ends with the last run has no token", "2.17.3-search", 163)
            .ChangesJson(page => page.Remove("next_page_token")),

        Deviation.When("T-35", "a history without max_results is whole", exchange => exchange.Recording == "3.11.2-runs"
                && exchange.Endpoint == "metrics/get-history" && exchange.Answer.Json is JsonObject { Count: 1 } page && page.ContainsKey("next_page_token"))
            .AnswersLike("3.11.2-runs", 61),
        Deviation.When("2.17/3.11", "a history comes in pages", exchange => Is217(exchange)
                && exchange.Endpoint == "metrics/get-history" && exchange.Query.EndsWith("max_results=5", StringComparison.Ordinal))
            .ChangesJson(page =>
            {
                page["metrics"] = new JsonArray([.. page["metrics"]!.AsArray().Take(5).Select(metric => metric!.DeepClone())]);
                page["next_page_token"] = "";
            }).Ignoring("$.next_page_token"),
        Deviation.When("2.17/3.11", "a history's page token of garbage is refused", exchange => Is217(exchange)
                && exchange.Endpoint == "metrics/get-history" && Has(exchange, "page_token=x"))
            .Refuses(),
    ];

    private static IEnumerable<Deviation> Experiments() =>
    [
        Deviation.When("T-9, README §4", "renaming a deleted experiment is the client's mistake", exchange =>
                exchange.Answer.ErrorCode == "INVALID_STATE" && exchange.Endpoint == "experiments/update")
            .Refuses(),
        Deviation.When("tracking §3", "renaming onto a taken name says so", exchange =>
                exchange.Answer.ErrorCode == "BAD_REQUEST" && exchange.Endpoint == "experiments/update")
            .Refuses("RESOURCE_ALREADY_EXISTS"),
        Deviation.When("T-15, tracking §3", "of two tags with one key the last wins", exchange =>
                exchange.Endpoint == "experiments/create" && Text(exchange, "name") == "raw-h")
            .Answers(200, new JsonObject { ["experiment_id"] = "" }).Ignoring("$.experiment_id"),
        Deviation.When("README §7, 2.17/3.11", "an experiment id is an integer", exchange => Is217(exchange) && Has(exchange, "experiment_id=abc"))
            .Refuses(),
        Deviation.When("tracking §4", "without an experiment a run goes to the default one", exchange =>
                exchange.Endpoint == "runs/create" && exchange.Method == "POST" && exchange.Request?.Count == 0)
            .AnswersAs(exchange => WithEmptyRunParts(exchange.Recording, Library.Get(exchange.Recording)[60].Answer))
            .Ignoring("$.run.info.run_id", "$.run.info.run_uuid", "$.run.info.run_name", "$.run.info.artifact_uri", "$.run.data.tags[].value"),
        Deviation.When("T-12, A-30", "a location with .. or on the server's disk is refused", exchange =>
                exchange.Endpoint == "experiments/create" && Text(exchange, "artifact_location") is "mlflow-artifacts:/a/../b" or "bogus")
            .Refuses(),
    ];

    private static IEnumerable<Deviation> Datasets() =>
    [
        Deviation.When("tracking §6", "a dataset needs name, digest and source", exchange => exchange.Endpoint == "runs/log-inputs"
                && exchange.Answer.Status == 200 && Text((exchange.Request?["datasets"] as JsonArray)?.FirstOrDefault()?["dataset"], "name") is "" or "q")
            .Refuses(),
        Deviation.When("tracking §6", "what was refused is not there", exchange => exchange.Answer.Json is JsonObject body && Inputs(body).Any(IsNameless))
            .ChangesJson(body => Inputs(body).Where(IsNameless).ToList().ForEach(input => input!.Parent!.AsArray().Remove(input))),
        Deviation.When("tracking §6, 2.17/3.11", "log-inputs may come without datasets", exchange =>
                Is217(exchange) && exchange.Endpoint == "runs/log-inputs" && exchange.Request is { Count: 1 } request && request.ContainsKey("run_id"))
            .Answers(200, new JsonObject()),
    ];

    private static IEnumerable<Deviation> LoggedModels() =>
    [
        Deviation.At("tracking §7", "another value for a model's param is refused as such", "3.11.2-logged_models", 28)
            .Refuses(),
        Deviation.At("tracking §7", "the path is enough to name the model; the status is missing", "3.11.2-logged_models", 115)
            .Refuses(message: "Missing value for required parameter 'status'"),
        Deviation.At("search §7", "a status is found by its name", "3.11.2-logged_models", 55, 56)
            .AnswersLike("3.11.2-logged_models", 57),
        Deviation.At("search §7", "a dataset without digest means any digest", "3.11.2-logged_models", 73)
            .AnswersLike("3.11.2-logged_models", 57),
        Deviation.At("search §7, README §4", "an unknown attribute and a metric's value that is no number are refused", "3.11.2-logged_models", 63, 64, 65, 66)
            .Refuses(),
    ];

    private static IEnumerable<Deviation> Search() =>
    [
        Deviation.When("search §2, README §4", "one field twice in order_by is refused", exchange => exchange is { Endpoint: "runs/search", Answer.Status: 500 })
            .Refuses(),
        Deviation.When("S-17", "IS NULL and IS NOT NULL are understood", exchange =>
                Text(exchange, "filter") is "tags.group IS NULL" or "tags.nope IS NOT NULL")
            .Answers(200, new JsonObject()),
        Deviation.When("S-17", "IS NULL and IS NOT NULL are understood", exchange => Text(exchange, "filter") == "params.opt IS NOT NULL")
            .AnswersAs(exchange => WithEmptyRunParts(exchange.Recording, Library.Get(exchange.Recording)[88].Answer)),
        Deviation.When("S-6", "a key may stand in single quotes", exchange => Text(exchange, "filter") == "params.'opt' = 'adam'")
            .AnswersAs(exchange => WithEmptyRunParts(exchange.Recording, Library.Get(exchange.Recording)[50].Answer)),
    ];

    private static IEnumerable<Deviation> Models() =>
    [
        Deviation.When("G-1, 2.17/3.11", "a model's name has no slash, colon or leading dots and at most 256 characters", exchange =>
                exchange is { Endpoint: "registered-models/create", Answer.Status: 200 } && IsRefusedName(Text(exchange, "name")))
            .Refuses(),
        Deviation.When("G-1, 2.17/3.11", "a model's name has no colon", exchange =>
                Is217(exchange) && exchange.Endpoint == "registered-models/rename" && Text(exchange, "new_name") == "a:b")
            .Refuses(),
        Deviation.When("G-1", "what was refused is in no list", exchange => RefusedModels(exchange.Answer.Json).Any())
            .ChangesJson(body =>
            {
                RefusedModels(body).ToList().ForEach(model => model!.Parent!.AsArray().Remove(model));
                if (body["registered_models"] is JsonArray { Count: 0 })
                {
                    body.Remove("registered_models");
                }
            }),

        // Without the refused names the pages hold others: the recorded pages with the same content are compared.
        Deviation.At("G-1", "the first page without refused names", "2.17.3-registry", 245).AnswersLike("2.17.3-registry", 247).Ignoring("$.next_page_token"),
        Deviation.At("G-1", "the second page without refused names", "2.17.3-registry", 246).AnswersLike("2.17.3-registry", 248).Ignoring("$.next_page_token"),
        Deviation.At("G-1", "the last page without refused names", "2.17.3-registry", 247)
            .AnswersAs(_ => WithoutRefusedModels(Library.Get("2.17.3-registry")[249].Answer)),
        Deviation.At("G-1", "there is no further page", "2.17.3-registry", 248, 249).LeftOut(),
        Deviation.At("G-1", "the last page without refused names", "3.11.2-registry", 324).ChangesJson(body =>
        {
            body.Remove("next_page_token");
            body["registered_models"]!.AsArray().Add(Library.Get("3.11.2-registry")[325].Answer.Json!["registered_models"]![0]!.DeepClone());
        }),
        Deviation.At("G-1", "there is no further page", "3.11.2-registry", 325).LeftOut(),

        Deviation.At("tracking §5, 2.17/3.11", "a registry tag's value may have 100000 characters", "2.17.3-registry", 18)
            .AnswersAs(exchange => Json(new JsonObject
            {
                ["registered_model"] = new JsonObject { ["name"] = "tag-long", ["tags"] = exchange.Request!["tags"]!.DeepClone() },
            }))
            .Ignoring("$.registered_model.creation_timestamp", "$.registered_model.last_updated_timestamp")
            .Undone("DELETE", "/api/2.0/mlflow/registered-models/delete", new JsonObject { ["name"] = "tag-long" }),
        Deviation.At("tracking §5, 2.17/3.11", "a registry tag's value may have 100000 characters", "2.17.3-registry", 45)
            .Answers(200, new JsonObject())
            .Undone("DELETE", "/api/2.0/mlflow/registered-models/delete-tag", new JsonObject { ["name"] = "m1", ["key"] = "l" }),
        Deviation.At("tracking §5, 2.17/3.11", "a registry tag's value may have 100000 characters", "2.17.3-registry", 95)
            .Answers(200, new JsonObject())
            .Undone("DELETE", "/api/2.0/mlflow/model-versions/delete-tag", new JsonObject { ["name"] = "m1", ["version"] = "1", ["key"] = "l" }),
    ];

    private static IEnumerable<Deviation> Versions() =>
    [
        Deviation.When("G-14, G-15", "a source that names an unknown model is not found", exchange => exchange is { Endpoint: "model-versions/create", Answer.Status: 500 }
                && (Text(exchange, "source") == "models:/nope/1" || exchange.Request!.ContainsKey("model_id")))
            .Refuses(NotFound, 404),
        Deviation.When("G-14", "a source by stage or alias is refused", exchange =>
                exchange.Endpoint == "model-versions/create" && Text(exchange, "source") is "models:/m1/latest" or "models:/m1@none")
            .Refuses(),
        Deviation.When("G-41", "a source on another host's disk is refused", exchange =>
                exchange.Endpoint == "model-versions/create" && Text(exchange, "source") == "file://../x")
            .Refuses(),
        Deviation.When("G-22", "archiving into a stage that is not active is refused", exchange => exchange is { Endpoint: "model-versions/transition-stage", Answer.Status: 500 })
            .Refuses(),
    ];

    private static IEnumerable<Deviation> Aliases() =>
    [
        Deviation.When("G-33, 2.17/3.11", "an alias of an unknown model is not found", exchange => Is217(exchange)
                && exchange is { Method: "GET", Endpoint: "registered-models/alias" } && Has(exchange, "name=nope"))
            .Refuses(NotFound, 404),
        Deviation.When("G-34", "latest is the highest version", exchange => IsLatest(exchange) && exchange.Recording.EndsWith("-raw", StringComparison.Ordinal))
            .AnswersAs(exchange => Library.Get(exchange.Recording)[174].Answer),
        Deviation.At("G-34", "latest is the highest version", "2.17.3-registry", 137).AnswersLike("2.17.3-registry", 66),
        Deviation.At("G-34", "latest is the highest version", "3.11.2-registry", 211).AnswersLike("3.11.2-registry", 87),

        Deviation.At("G-13, G-33", "with the version its alias is gone", "2.17.3-registry", 263).Refuses(message: "Registered model alias champion not found"),
        Deviation.At("G-13, G-33", "with the version its alias is gone", "3.11.2-registry", 344).Refuses(message: "Registered model alias champion not found"),
        Deviation.When("G-13", "with the version its alias is gone", exchange =>
                exchange.Answer.Json?["registered_model"]?["aliases"] is JsonArray && IsAfterDeletion(exchange))
            .ChangesJson(body =>
            {
                var aliases = body["registered_model"]!["aliases"]!.AsArray();
                aliases.Remove(aliases.Single(alias => Text(alias, "alias") == "champion"));
            }),
    ];

    private static IEnumerable<Deviation> Artifacts() =>
    [
        Deviation.When("A-17, A-19", "a file with a name outside of ASCII can be downloaded", exchange =>
                exchange.Method == "GET" && exchange.Path.EndsWith("/up/x%20y/%C3%A9/%E6%BC%A2.txt", StringComparison.Ordinal))
            .Changes(_ => new RecordedAnswer(
                200,
                new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
                {
                    ["content-type"] = "text/plain",
                    ["content-disposition"] = "attachment; filename*=UTF-8''%E6%BC%A2.txt",
                    ["x-content-type-options"] = "nosniff",
                },
                new Payload.Text("ü"))),
        Deviation.When("A-17", "a range is answered as asked for", exchange => exchange.Headers.ContainsKey("range") && exchange.Path.EndsWith("/artifacts/a.txt", StringComparison.Ordinal))
            .Changes(answer => answer with { Status = 206, Body = new Payload.Text("hel") }),
        Deviation.When("A-15", "a page is downloaded as text", exchange => exchange.Answer is { IsDownload: true, MediaType: "text/html" })
            .Changes(answer => answer with
            {
                Headers = answer.Headers.ToDictionary(header => header.Key, header => header.Key == "content-type" ? "text/plain|application/octet-stream" : header.Value),
            }),
        Deviation.When("A-16, 2.17/3.11", "a missing file is not found", exchange => Is217(exchange) && exchange.Answer.Status == 500
                && (exchange.Query.EndsWith("path=nope", StringComparison.Ordinal)
                    || exchange.Path.Split('/')[^1] is "nope" or "nope.txt" or "two.json"))
            .Refuses(NotFound, 404),
        Deviation.When("A-16, README §4", "a folder is not a file", exchange => exchange.Answer.Status == 500 && exchange.Method == "GET"
                && (exchange.Path.TrimEnd('/').EndsWith("/artifacts/dir", StringComparison.Ordinal) || exchange.Path.EndsWith("/artifacts/", StringComparison.Ordinal)))
            .Refuses(),
        Deviation.When("A-16, README §4", "nothing is written over a folder or below a file", exchange => exchange.Method == "PUT"
                && (exchange.Path.EndsWith("/artifacts/dir", StringComparison.Ordinal) || exchange.Path.EndsWith("/a.txt/under", StringComparison.Ordinal)))
            .Refuses(),
        Deviation.When("README §1, A-22", "an empty path segment is refused, not redirected", exchange => exchange.Answer.Status == 308)
            .Refuses(message: "Invalid path"),
        Deviation.When("A-21, A-22", "a drive and a backslash are refused", exchange => exchange.Path.EndsWith("/c%3A%5Cevil", StringComparison.Ordinal))
            .Refuses(message: "Invalid path"),
        Deviation.When("A-22", "what was refused is not there", exchange => exchange.Answer.Json?["files"] is JsonArray files && files.Any(file => Text(file, "path") == @"c:\evil"))
            .ChangesJson(body => body["files"]!.AsArray().RemoveAll(file => Text(file, "path") == @"c:\evil")),
        Deviation.When("A-22", "a zero byte is refused, by the HTTP layer without a body", exchange => exchange.Path.Contains("%00", StringComparison.Ordinal))
            .Changes(_ => new RecordedAnswer(400, new Dictionary<string, string>(), new Payload.Text(""))).Ignoring("$"),
        Deviation.When("artifacts §2", "a download without path is refused in JSON", exchange => exchange.Path == "/get-artifact" && !Has(exchange, "path="))
            .Refuses(),
    ];

    private static bool IsServedFor1x(Exchange exchange) =>
        exchange.Path.Contains("/preview/", StringComparison.Ordinal) || exchange.Endpoint is "experiments/list" or "registered-models/list";

    private static bool IsOfRegistry(Exchange exchange) =>
        exchange.Answer.Status == 200 && (exchange.Endpoint.StartsWith("registered-models/", StringComparison.Ordinal) || exchange.Endpoint.StartsWith("model-versions/", StringComparison.Ordinal));

    private static bool Is217(Exchange exchange) => exchange.Recording.StartsWith("2.17", StringComparison.Ordinal);

    private static bool IsLatest(Exchange exchange) =>
        exchange is { Method: "GET", Endpoint: "registered-models/alias" } && exchange.Query.EndsWith("alias=latest", StringComparison.Ordinal);

    private static bool IsAfterDeletion(Exchange exchange) => exchange is { Recording: "2.17.3-registry", Seq: > 262 } or { Recording: "3.11.2-registry", Seq: > 343 };

    private static bool IsRefusedName(string? name) => name is "." or ".." or "Mixed/Case" or "a:b" or { Length: > 256 };

    private static IEnumerable<JsonNode?> RefusedModels(JsonNode? body) =>
        (body as JsonObject)?["registered_models"] is JsonArray models ? models.Where(model => IsRefusedName(Text(model, "name"))) : [];

    private static RecordedAnswer WithoutRefusedModels(RecordedAnswer answer)
    {
        var body = answer.Json!.DeepClone();
        RefusedModels(body).ToList().ForEach(model => model!.Parent!.AsArray().Remove(model));
        return answer with { Body = new Payload.Json(body) };
    }

    private static IEnumerable<JsonNode?> Inputs(JsonObject body)
    {
        JsonNode?[] runs = body["runs"] is JsonArray list ? [.. list] : [body["run"]];
        return runs.SelectMany(run => run?["inputs"]?["dataset_inputs"] as JsonArray ?? [])
            .Concat(body["dataset_summaries"] as JsonArray ?? []);
    }

    private static bool IsNameless(JsonNode? input) => Text(input?["dataset"] ?? input, "name") == "";

    private static RecordedAnswer WithEmptyRunParts(string recording, RecordedAnswer answer)
    {
        if (!recording.StartsWith("2.17", StringComparison.Ordinal))
        {
            return answer;
        }

        var body = answer.Json!.DeepClone().AsObject();

        if (body["run"] is JsonObject created)
        {
            created["inputs"] = new JsonObject();
            return answer with { Body = new Payload.Json(body) };
        }

        AddOutputs(body);
        return answer with { Body = new Payload.Json(body) };
    }

    private static void AddOutputs(JsonObject body)
    {
        JsonNode?[] runs = body["runs"] is JsonArray list ? [.. list] : [body["run"]];

        foreach (var run in runs.OfType<JsonObject>())
        {
            run["outputs"] = new JsonObject();
        }
    }

    private static bool Has(Exchange exchange, string parameter) => exchange.Query.Contains(parameter, StringComparison.Ordinal);

    private static string? Text(Exchange exchange, string name) => Text(exchange.Request, name);

    private static string? Text(JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<string> Numbers(Exchange exchange, params string[] names) =>
        names.Select(name => exchange.Request?[name]).Where(IsNumber).Select(number => number!.ToJsonString());

    private static bool IsNumber(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number;

    private static Dictionary<string, string> Typed(RecordedAnswer answer, string type) =>
        answer.Headers.Where(header => header.Key != "content-type").Append(KeyValuePair.Create("content-type", type)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static RecordedAnswer Json(JsonNode body) =>
        new(200, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["content-type"] = "application/json" }, new Payload.Json(body));
}
