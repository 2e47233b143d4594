using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>A change of one answer in a playback, and whether the replayer must notice it.</summary>
public sealed class Tampering
{
    private readonly Func<RecordedAnswer, RecordedAnswer> _change;

    private Tampering(string name, string recording, int seq, bool isFound, Func<RecordedAnswer, RecordedAnswer> change)
    {
        (Name, RecordingName, Seq, IsFound, _change) = (name, recording, seq, isFound, change);
    }

    public string Name { get; }

    public string RecordingName { get; }

    public int Seq { get; }

    public bool IsFound { get; }

    public static IEnumerable<Tampering> All =>
    [
        Found("status", "3.11.2-runs", 3, answer => answer with { Status = 201 }),
        Found("error code", "3.11.2-runs", 4, Body(body => body["error_code"] = "INVALID_PARAMETER_VALUE")),
        Found("message that clients look for", "3.11.2-runs", 105, Body(body => body["message"] = "The run is gone.")),
        Missed("message of free wording", "3.11.2-runs", 4, Body(body => body["message"] = "No such run.")),
        Found("error without message", "3.11.2-runs", 4, Body(body => body.Remove("message"))),
        Missed("error without sqlstate", "3.11.2-runs", 4, Body(body => body.Remove("sqlstate"))),
        Found("body that is no JSON", "3.11.2-runs", 3, answer => answer with { Body = new Payload.Text("<html>") }),

        Found("field missing", "3.11.2-runs", 3, Body(body => Info(body).Remove("user_id"))),
        Found("field too many", "3.11.2-runs", 3, Body(body => Info(body)["end_time"] = 0)),
        Found("empty object missing", "3.11.2-runs", 3, Body(body => body["run"]!.AsObject().Remove("outputs"))),
        Found("other text", "3.11.2-runs", 3, Body(body => Info(body)["status"] = "FINISHED")),
        Found("name that the client chose", "3.11.2-runs", 2, Body(body => Info(body)["run_name"] = "second")),
        Found("number as text", "3.11.2-runs", 3, Body(body => Info(body)["start_time"] = "1700000000000")),
        Found("integer as fraction", "3.11.2-runs", 61, Body(body => body["metrics"]![0]!["step"] = JsonNode.Parse("0.0"))),
        Missed("double without fraction", "3.11.2-runs", 61, Body(body => body["metrics"]![1]!["value"] = 1)),
        Missed("negative zero", "3.11.2-runs", 61, Body(body => body["metrics"]![2]!["value"] = -0.0)),
        Found("other double", "3.11.2-runs", 61, Body(body => body["metrics"]![0]!["value"] = 0.10000000000000002)),
        Found("NaN as null", "3.11.2-runs", 61, Body(body => body["metrics"]![6]!["value"] = null)),
        Found("client's time", "3.11.2-runs", 61, Body(body => body["metrics"]![0]!["timestamp"] = 1700000000001)),
        Found("order of a history", "3.11.2-runs", 61, Body(body => Swap(body["metrics"]!, 0, 1))),

        Found("tag missing", "3.11.2-runs", 3, Body(body => Tags(body).RemoveAt(0))),
        Found("tag too many", "3.11.2-runs", 3, Body(body => Tags(body).Add(new JsonObject { ["key"] = "x", ["value"] = "y" }))),
        Found("tag of another value", "3.11.2-runs", 3, Body(body => Tags(body)[2]!["value"] = "w")),
        Missed("order of tags", "3.11.2-runs", 3, Body(body => Swap(Tags(body), 0, 1))),
        Missed("spacing of a tag that the server writes", "3.11.2-logged_models", 84, Body(body => ModelVersionsTag(body, """[{"version":1,"name":"lm-reg"}]"""))),
        Found("content of a tag that the server writes", "3.11.2-logged_models", 84, Body(body => ModelVersionsTag(body, """[{"version":2,"name":"lm-reg"}]"""))),

        Found("order of a search", "3.11.2-search", 40, Body(body => Swap(body["runs"]!, 0, 1))),
        Found("order of a search where ids decide", "3.11.2-search", 145, Body(body => Swap(body["runs"]!, 0, 1))),
        Found("run missing in a search", "3.11.2-search", 40, Body(body => body["runs"]!.AsArray().RemoveAt(5))),
        Found("page token missing", "3.11.2-search", 157, Body(body => body.Remove("next_page_token"))),
        Found("page token too many", "3.11.2-search", 163, Body(body => body["next_page_token"] = "x")),

        Found("id of another form", "3.11.2-runs", 2, Body(body => Info(body)["run_id"] = Info(body)["run_id"]!.GetValue<string>().ToUpperInvariant())),
        Found("id of another run", "3.11.2-runs", 3, Body(body => Info(body)["run_id"] = new string('a', 32))),
        Found("times that should be equal", "3.11.2-registry", 5, Body(body => Bump(body["registered_model"]!, "creation_timestamp", -1))),
        Found("update that is not later", "3.11.2-registry", 24, Body(body =>
            body["registered_model"]!["last_updated_timestamp"] = body["registered_model"]!["creation_timestamp"]!.DeepClone())),
        Found("time as text", "3.11.2-registry", 5, Body(body => body["registered_model"]!["creation_timestamp"] = "1")),

        Found("type of a download", "3.11.2-artifacts", 60, Header("content-type", "text/html")),
        Found("type of JSON", "3.11.2-runs", 3, Header("content-type", "text/plain")),
        Missed("charset", "3.11.2-runs", 3, Header("content-type", "application/json; charset=utf-8")),
        Found("name of a download", "3.11.2-artifacts", 60, Header("content-disposition", "attachment; filename=b.txt")),
        Missed("quotes around the name of a download", "3.11.2-artifacts", 60, Header("content-disposition", "attachment; filename=\"a.txt\"")),
        Found("download that is shown", "3.11.2-artifacts", 60, Header("content-disposition", "inline; filename=a.txt")),
        Found("nosniff missing", "3.11.2-artifacts", 60, Header("x-content-type-options", "")),
        Found("method not named", "3.11.2-artifacts", 224, Header("allow", "GET, PUT")),
        Missed("HEAD and OPTIONS not named", "3.11.2-artifacts", 224, Header("allow", "PUT, GET, DELETE")),
        Found("text of a download", "3.11.2-artifacts", 60, answer => answer with { Body = new Payload.Text("hello") }),
        Found("bytes of a download", "3.11.2-artifacts", 77, answer => answer with { Body = new Payload.Binary(new byte[256]) }),
        Found("bytes of a long download", "3.11.2-artifacts", 93, answer => answer with { Body = new Payload.Binary(new byte[100000]) }),
        Found("body where there is none", "3.11.2-artifacts", 67, answer => answer with { Body = new Payload.Text("x") }),
    ];

    /// <summary>The same playback with this one answer changed.</summary>
    internal Recording Apply(Recording playback) => playback with
    {
        Exchanges = [.. playback.Exchanges.Select(exchange => exchange.Seq == Seq ? exchange with { Answer = _change(exchange.Answer) } : exchange)],
    };

    public override string ToString() => Name;

    private static Tampering Found(string name, string recording, int seq, Func<RecordedAnswer, RecordedAnswer> change) =>
        new(name, recording, seq, isFound: true, change);

    private static Tampering Missed(string name, string recording, int seq, Func<RecordedAnswer, RecordedAnswer> change) =>
        new(name, recording, seq, isFound: false, change);

    private static Func<RecordedAnswer, RecordedAnswer> Body(Action<JsonObject> change) => answer =>
    {
        var body = answer.Json!.DeepClone().AsObject();
        change(body);
        return answer with { Body = new Payload.Json(body) };
    };

    private static Func<RecordedAnswer, RecordedAnswer> Header(string name, string value) => answer =>
        answer with { Headers = new Dictionary<string, string>(answer.Headers, StringComparer.OrdinalIgnoreCase) { [name] = value } };

    private static JsonObject Info(JsonObject body) => body["run"]!["info"]!.AsObject();

    private static JsonArray Tags(JsonObject body) => body["run"]!["data"]!["tags"]!.AsArray();

    private static void ModelVersionsTag(JsonObject body, string value)
    {
        var tags = body["model"]!["info"]!["tags"]!.AsArray();
        tags.Single(tag => tag!["key"]!.GetValue<string>() == "mlflow.modelVersions")!["value"] = value;
    }

    private static void Bump(JsonNode owner, string name, long by) => owner[name] = owner[name]!.GetValue<long>() + by;

    private static void Swap(JsonNode array, int one, int other)
    {
        var items = array.AsArray();
        var (first, second) = (items[one]!.DeepClone(), items[other]!.DeepClone());
        (items[one], items[other]) = (second, first);
    }
}
