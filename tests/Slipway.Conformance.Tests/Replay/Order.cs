using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>In which arrays the order counts, and what it rests on where random ids decide.</summary>
internal static class Order
{
    private static readonly HashSet<string> s_free = new(StringComparer.Ordinal)
    {
        "tags", "params", "aliases", "latest_versions", "dataset_inputs", "model_inputs", "model_outputs", "dataset_summaries",
    };

    private static readonly HashSet<string> s_serverTimes = new(StringComparer.Ordinal)
    {
        "creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "creation_timestamp_ms", "last_updated_timestamp_ms",
    };

    public static bool IsServerTime(string path) => s_serverTimes.Contains(Last(path));

    public static bool IsFree(Exchange exchange, string path) =>
        s_free.Contains(Last(path))
        || path.EndsWith(".data.metrics", StringComparison.Ordinal)
        || (path == "$.model_versions" && exchange.Endpoint == "registered-models/get-latest-versions");

    /// <summary>What an item is called in a report, and by what it is found where the order is free.</summary>
    public static string Identity(string array, JsonNode? item, int index) => (array, item) switch
    {
        ("metrics", JsonObject metric) => Joined(metric, "key", "step", "timestamp", "value", "run_id", "dataset_name"),
        ("dataset_inputs", JsonObject input) => Joined(input["dataset"] as JsonObject, "name", "digest"),
        ("runs", JsonObject run) => Joined(run["info"] as JsonObject, "run_name", "run_id"),
        ("models", JsonObject model) => Joined(model["info"] as JsonObject, "name", "model_id"),
        ("latest_versions" or "model_versions", JsonObject version) => Joined(version, "name", "version"),
        ("aliases", JsonObject alias) => Joined(alias, "alias"),
        (_, JsonObject other) => Joined(other, "key", "name", "version", "digest", "model_id", "path"),
        (_, JsonValue value) => value.ToString(),
        _ => $"{index}",
    };

    /// <summary>
    /// Runs that started at the same time follow one another by id (S-21), and a search may ask for the order of ids: there
    /// the recorded order is chance, and ours is checked against our own ids.
    /// </summary>
    public static IEnumerable<JsonNode?> Settle(Exchange exchange, string path, JsonArray items)
    {
        var order = exchange.Request?["order_by"] as JsonArray;
        if (path == "$.models" && order is [JsonObject only] && only["field_name"]?.ToString() == "name")
        {
            // Some of the names were made by the server, so where they stand is chance.
            return items.OrderBy(model => model?["info"]?["name"]?.ToString(), StringComparer.Ordinal);
        }

        if (path != "$.runs")
        {
            return items;
        }

        var first = order is { Count: > 0 } ? order[0]!.ToString() : "";
        var byId = first.Contains("run_id", StringComparison.Ordinal) || first.Contains("artifact_uri", StringComparison.Ordinal);
        return first.Length > 0 && !byId ? items : SortTies(items, byId);
    }

    private static IEnumerable<JsonNode?> SortTies(JsonArray items, bool all)
    {
        var tied = new List<JsonNode?>();

        foreach (var item in items)
        {
            if (!all && tied.Count > 0 && Started(tied[0]) != Started(item))
            {
                foreach (var settled in tied.OrderBy(Id, StringComparer.Ordinal))
                {
                    yield return settled;
                }

                tied.Clear();
            }

            tied.Add(item);
        }

        foreach (var settled in tied.OrderBy(Id, StringComparer.Ordinal))
        {
            yield return settled;
        }
    }

    private static string Started(JsonNode? run) => run?["info"]?["start_time"]?.ToString() ?? "";

    private static string Id(JsonNode? run) => run?["info"]?["run_id"]?.ToString() ?? "";

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..].Replace("[]", "", StringComparison.Ordinal);

    private static string Joined(JsonObject? item, params string[] names) =>
        string.Join('/', names.Select(name => item?[name]).OfType<JsonValue>().Select(Plain));

    // 1 and 1.0 are one number, as are 0 and -0.0.
    private static string Plain(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number
            ? (double.Parse(value.ToString(), CultureInfo.InvariantCulture) + 0.0).ToString("R", CultureInfo.InvariantCulture)
            : value.ToString();
}
