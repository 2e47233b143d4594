using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>
/// What the recorded server named by itself, and what the server under test calls it: run and model ids, experiment ids,
/// generated names, page tokens. Learned from answers, put into later requests and into the answers that are expected.
/// </summary>
internal sealed partial class Names
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _experiments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <summary>Only the last page's token counts: the recorded ones are offsets, alike from search to search.</summary>
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public OutgoingRequest Request(Exchange exchange) => new(exchange.Method, Target(exchange), Bytes(exchange.Body))
    {
        ContentType = exchange.Headers.GetValueOrDefault("content-type"),
        Range = exchange.Headers.GetValueOrDefault("range"),
    };

    public RecordedAnswer Answer(RecordedAnswer answer) => answer with
    {
        Body = answer.Body switch
        {
            Payload.Json json => new Payload.Json(Json(json.Value)),
            Payload.Text text => new Payload.Text(Text(text.Value)),
            var other => other,
        },
    };

    public byte[] Bytes(Payload body) => body switch
    {
        Payload.Json json => Encoding.UTF8.GetBytes(Json(json.Value)?.ToJsonString() ?? "null"),
        Payload.Text text => Encoding.UTF8.GetBytes(Text(text.Value)),
        Payload.Binary binary => binary.Value,
        Payload.Digest digest => StandIn.Bytes(digest),
        _ => [],
    };

    /// <summary>The text with every known id in it replaced.</summary>
    public string Text(string text) => Located().Replace(
        Id().Replace(text, match => _ids.GetValueOrDefault(match.Value, match.Value)),
        match => match.Groups[1].Value + Experiment(match.Groups[2].Value));

    public JsonNode? Json(JsonNode? node, string property = "") => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Json(member.Value, member.Key)))),
        JsonArray items => new JsonArray([.. items.Select(item => Json(item, property))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Word(text, property),
        _ => node?.DeepClone(),
    };

    /// <summary>Learns what the pair of answers shows, and says where ours is not of the promised form.</summary>
    public IEnumerable<string> Learn(Exchange exchange, ServerAnswer ours)
    {
        if (exchange.Answer.Json is not JsonObject theirs || ours.Json is not JsonObject mine || exchange.Answer.Status != ours.Status)
        {
            return [];
        }

        Pair(_tokens, theirs["next_page_token"], mine["next_page_token"]);
        return exchange.Method == "POST" ? LearnCreated(exchange, theirs, mine) : [];
    }

    private List<string> LearnCreated(Exchange exchange, JsonObject theirs, JsonObject mine)
    {
        var wrong = new List<string>();

        switch (exchange.Endpoint)
        {
            case "experiments/create":
                Pair(_experiments, theirs["experiment_id"], mine["experiment_id"]);
                break;
            case "runs/create" when At(theirs, "run", "info") is JsonObject run:
                PairIds(run["run_id"], At(mine, "run", "info", "run_id"), 0, wrong);
                PairGenerated(run["run_name"], At(mine, "run", "info", "run_name"), NameOfRun(exchange.Request));
                break;
            case "logged-models" when At(theirs, "model", "info") is JsonObject model:
                PairIds(model["model_id"], At(mine, "model", "info", "model_id"), "m-".Length, wrong);
                PairGenerated(model["name"], At(mine, "model", "info", "name"), exchange.Request?["name"]);
                break;
        }

        return wrong;
    }

    private void PairIds(JsonNode? theirs, JsonNode? mine, int prefix, List<string> wrong)
    {
        if (theirs is null || mine is null)
        {
            return;
        }

        var (recorded, actual) = (theirs.GetValue<string>(), mine.ToString());

        if (actual.Length != recorded.Length || actual[..prefix] != recorded[..prefix] || !Id().IsMatch(actual[prefix..]))
        {
            wrong.Add($"the new id is '{actual}', of another form than '{recorded}'");
            return;
        }

        _ids[recorded[prefix..]] = actual[prefix..];
    }

    /// <summary>A name that the client chose must come back as it is: then nothing is learned.</summary>
    private void PairGenerated(JsonNode? theirs, JsonNode? mine, JsonNode? chosen)
    {
        if (string.IsNullOrEmpty(chosen?.GetValue<string>()))
        {
            Pair(_words, theirs, mine);
        }
    }

    private static JsonNode? NameOfRun(JsonObject? request) =>
        string.IsNullOrEmpty(request?["run_name"]?.GetValue<string>())
            ? (request?["tags"] as JsonArray)?.FirstOrDefault(tag => tag?["key"]?.GetValue<string>() == "mlflow.runName")?["value"]
            : request["run_name"];

    private static void Pair(Dictionary<string, string> pairs, JsonNode? theirs, JsonNode? mine)
    {
        if (theirs is JsonValue && mine is JsonValue && theirs.ToString() != mine.ToString())
        {
            pairs[theirs.ToString()] = mine.ToString();
        }
        else if (theirs is JsonValue)
        {
            pairs.Remove(theirs.ToString());
        }
    }

    private static JsonNode? At(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = node is JsonObject members ? members[name] : null;
        }

        return node;
    }

    private string Word(string text, string property) => property switch
    {
        "experiment_id" or "experiment_ids" => Experiment(text),
        "page_token" or "next_page_token" => _tokens.GetValueOrDefault(text, text),
        _ => _words.GetValueOrDefault(text) ?? Text(text),
    };

    private string Experiment(string id) => _experiments.GetValueOrDefault(id, id);

    private string Target(Exchange exchange)
    {
        var path = Text(exchange.Path);
        return exchange.Query.Length == 0 ? path : $"{path}?{Query(exchange.Query)}";
    }

    private string Query(string query) => string.Join('&', query.Split('&').Select(part =>
    {
        var name = part.Split('=')[0];
        var value = part[Math.Min(part.Length, name.Length + 1)..];

        return name switch
        {
            "page_token" when _tokens.TryGetValue(Uri.UnescapeDataString(value), out var token) => $"{name}={Uri.EscapeDataString(token)}",
            "experiment_id" when _experiments.TryGetValue(value, out var experiment) => $"{name}={experiment}",
            _ => Text(part),
        };
    }));

    // The digits of an escape before it (%27) are not part of an id.
    [GeneratedRegex("(?:(?<![0-9a-f])|(?<=%[0-9A-Fa-f]{2}))[0-9a-f]{32}(?![0-9a-f])")]
    private static partial Regex Id();

    /// <summary>An experiment's id as the first part of an artifact's location.</summary>
    [GeneratedRegex(@"(mlflow-artifacts:/|mlflow-artifacts/artifacts/|^path=)([0-9]+)(?=/|%2F|$)")]
    private static partial Regex Located();
}
