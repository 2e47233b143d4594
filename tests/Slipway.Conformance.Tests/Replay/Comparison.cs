using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>Compares one answer with the one that is expected, and collects every difference.</summary>
internal sealed class Comparison(Expectation expected, ServerAnswer ours, Times times)
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _differences = [];

    public static IReadOnlyList<string> Differences(Expectation expected, ServerAnswer ours, Times times)
    {
        var comparison = new Comparison(expected, ours, times);
        comparison.Same("status", expected.Answer.Status, ours.Status);

        // An answer of another kind has another body; the report shows it.
        if (comparison._differences.Count == 0)
        {
            comparison.CompareHeaders();
            comparison.CompareBody();
        }

        return comparison._differences;
    }

    private void CompareHeaders()
    {
        CompareType();

        if (expected.Answer.IsDownload)
        {
            Same("content-disposition", FileName(expected.Answer.Headers), FileName(ours.Headers));
        }

        foreach (var name in (string[])["x-content-type-options", "x-frame-options"])
        {
            if (expected.Answer.Headers.TryGetValue(name, out var value))
            {
                Same(name, value, ours.Headers.GetValueOrDefault(name));
            }
        }

        if (expected.Answer.Headers.TryGetValue("allow", out var allowed))
        {
            var missing = Methods(allowed).Except(Methods(ours.Headers.GetValueOrDefault("allow") ?? ""), StringComparer.Ordinal).ToList();
            Require(missing.Count == 0, $"allow: lacks {string.Join(", ", missing)}");
        }
    }

    private void CompareType()
    {
        // An answer without a body needs no type, but to HEAD, which must say what GET would, and for a download.
        var matters = expected.Answer.Body != Payload.None || expected.Exchange.Method == "HEAD" || expected.Answer.IsDownload;

        if (matters && !string.IsNullOrEmpty(expected.Answer.MediaType))
        {
            var types = expected.Answer.MediaType.Split('|');
            Require(types.Contains(ours.MediaType, StringComparer.Ordinal), $"content-type: expected {string.Join(" or ", types)}, is {ours.MediaType}");
        }
    }

    private void CompareBody()
    {
        switch (expected.Answer.Body)
        {
            case Payload.Json json when ours.Json is null:
                Require(false, $"body: not JSON, expected {Short(json.Value)}");
                break;
            case Payload.Json json when expected.Answer.ErrorCode is { } code:
                CompareError(code, json.Value!["message"]?.GetValue<string>());
                break;
            case Payload.Json json:
                CompareNode("$", json.Value, ours.Json);
                break;
            case Payload.Text text when !expected.Ignores("$"):
                Same("body", text.Value, ours.Text);
                break;
            case Payload.Binary binary:
                Require(binary.Value.AsSpan().SequenceEqual(ours.Body), $"body: other bytes, {ours.Body.Length} of them");
                break;
            case Payload.Digest digest:
                Require(StandIn.Bytes(digest).AsSpan().SequenceEqual(ours.Body), $"body: other bytes than were uploaded, {ours.Body.Length} of {digest.Size}");
                break;
            case Payload.Nothing:
                Same("body", "", ours.Text);
                break;
        }
    }

    private void CompareError(string code, string? message)
    {
        Same("error_code", code, ours.Json?["error_code"]?.ToString());
        var said = (ours.Json?["message"] as JsonValue)?.ToString();
        Require(!string.IsNullOrEmpty(said), "message: missing");

        if (message is not null && MessageCores.Of(message) is { } core)
        {
            Require(said?.Contains(core, StringComparison.Ordinal) == true, $"message: lacks \"{core}\"");
        }
    }

    private void CompareNode(string path, JsonNode? theirs, JsonNode? mine)
    {
        if (expected.Ignores(path))
        {
            return;
        }

        switch (theirs, mine)
        {
            case (JsonObject one, JsonObject other):
                CompareMembers(path, one, other);
                break;
            case (JsonArray one, JsonArray other):
                CompareItems(path, one, other);
                break;
            case (JsonValue one, JsonValue other) when one.GetValueKind() == other.GetValueKind():
                CompareValues(path, one, other);
                break;
            default:
                Require(theirs is null && mine is null, $"{path}: expected {Short(theirs)}, is {Short(mine)}");
                break;
        }
    }

    private void CompareMembers(string path, JsonObject theirs, JsonObject mine)
    {
        foreach (var (name, value) in theirs)
        {
            if (mine.ContainsKey(name))
            {
                var json = name == "value" && theirs["key"]?.ToString() is "mlflow.modelVersions" or "mlflow.log-model.history";
                CompareNode($"{path}.{name}", json ? Nested(value) : value, json ? Nested(mine[name]) : mine[name]);
            }
            else if (!expected.Ignores($"{path}.{name}"))
            {
                Require(false, $"{path}.{name}: missing, expected {Short(value)}");
            }
        }

        foreach (var (name, value) in mine.Where(member => !theirs.ContainsKey(member.Key)))
        {
            Require(expected.MayHave($"{path}.{name}", value), $"{path}.{name}: unexpected {Short(value)}");
        }
    }

    private void CompareItems(string path, JsonArray theirs, JsonArray mine)
    {
        var array = path[(path.LastIndexOf('.') + 1)..];
        var one = Items(Order.Settle(expected.Exchange, path, theirs), array);
        var other = Items(mine, array);

        if (Order.IsFree(expected.Exchange, path))
        {
            foreach (var (key, item) in one.Where(item => !other.Any(candidate => candidate.Key == item.Key)))
            {
                Require(false, $"{path}[{key}]: missing, expected {Short(item)}");
            }

            foreach (var (key, item) in other.Where(item => !one.Any(candidate => candidate.Key == item.Key)))
            {
                Require(false, $"{path}[{key}]: unexpected {Short(item)}");
            }

            other = [.. other.Where(item => one.Any(candidate => candidate.Key == item.Key))];
            one = [.. one.Where(item => other.Any(candidate => candidate.Key == item.Key))];
            one.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
            other.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        }

        if (!one.Select(item => item.Key).SequenceEqual(other.Select(item => item.Key), StringComparer.Ordinal))
        {
            Require(false, $"{path}: expected [{string.Join(", ", one.Select(item => item.Key))}], is [{string.Join(", ", other.Select(item => item.Key))}]");
            return;
        }

        for (var i = 0; i < one.Count; i++)
        {
            CompareNode($"{path}[]", one[i].Item, other[i].Item);
        }
    }

    private static List<(string Key, JsonNode? Item)> Items(IEnumerable<JsonNode?> items, string array) =>
        [.. items.Select((item, i) => (Order.Identity(array, item, i), item))];

    private void CompareValues(string path, JsonValue theirs, JsonValue mine)
    {
        if (theirs.GetValueKind() != JsonValueKind.Number)
        {
            Same(path, theirs.ToJsonString(), mine.ToJsonString());
            return;
        }

        if (Order.IsServerTime(path))
        {
            var contradiction = mine.TryGetValue<long>(out var actual) ? times.Check(theirs.GetValue<long>(), actual) : "is not an integer";
            Require(contradiction is null, $"{path}: {contradiction}");
            return;
        }

        var (one, other) = (theirs.ToJsonString(), mine.ToJsonString());
        Require(one == other || (one.AsSpan().ContainsAny('.', 'e', 'E') && Number(one).Equals(Number(other))), $"{path}: expected {one}, is {other}");
    }

    private void Same<T>(string what, T theirs, T mine) => Require(Equals(theirs, mine), $"{what}: expected {Short(theirs)}, is {Short(mine)}");

    private void Require(bool holds, string difference)
    {
        if (!holds)
        {
            _differences.Add(difference);
        }
    }

    private static JsonNode? Nested(JsonNode? text)
    {
        try
        {
            return JsonNode.Parse(text!.GetValue<string>());
        }
        catch (JsonException)
        {
            return text;
        }
    }

    // 0.0 equals -0.0 here: both databases forget the sign.
    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string? FileName(IReadOnlyDictionary<string, string> headers)
    {
        const string Unquoted = "attachment; filename=";
        if (!headers.TryGetValue("content-disposition", out var header))
        {
            return null;
        }

        // MLflow leaves out the quotes that a blank calls for.
        return ContentDispositionHeaderValue.TryParse(header, out var parsed) ? $"{parsed.DispositionType} {parsed.FileNameStar ?? parsed.FileName?.Trim('"')}"
            : header.StartsWith(Unquoted, StringComparison.Ordinal) ? $"attachment {header[Unquoted.Length..]}"
            : header;
    }

    private static IEnumerable<string> Methods(string allow) =>
        allow.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Except(["HEAD", "OPTIONS"], StringComparer.Ordinal);

    private static string Short(object? value)
    {
        var text = value switch
        {
            null => "nothing",
            JsonNode node => node.ToJsonString(s_readable),
            _ => value.ToString()!,
        };
        return text.Length <= 160 ? text : $"{text[..160]}…";
    }
}
