using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>
/// The same recording as another server would have made it: other run and model ids, other times, other generated names and
/// page tokens. It works on the raw lines and shares no code with the replayer's own mapping.
/// </summary>
internal static partial class Disguise
{
    private const long Later = 86_400_000;

    public static IEnumerable<string> Lines(IReadOnlyList<string> lines)
    {
        var renamed = Renamed([.. lines.Select(line => JsonNode.Parse(line)!)]);
        var pattern = new Regex(string.Join('|', renamed.Keys.OrderByDescending(key => key.Length).Select(Regex.Escape).Append("(?!)")));

        return lines.Select(line => Times().Replace(
            pattern.Replace(line, match => renamed[match.Value]),
            match => match.Groups[1].Value + (long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) + Later).ToString(CultureInfo.InvariantCulture)));
    }

    private static Dictionary<string, string> Renamed(IReadOnlyList<JsonNode> lines)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var ids = new SortedSet<string>(StringComparer.Ordinal);

        foreach (var line in lines.Where(line => line["status"]!.GetValue<int>() == 200))
        {
            var body = (line["response_body"] as JsonObject)?["json"] as JsonObject;
            var created = line["method"]!.GetValue<string>() == "POST" ? (body?["run"] ?? body?["model"])?["info"] : null;

            if (created is not null)
            {
                ids.Add((created["model_id"] ?? created["run_id"])!.GetValue<string>()[^32..]);
                AddGenerated(renamed, (created["run_name"] ?? created["name"])!.GetValue<string>(), line["request_body"]!.ToJsonString());
            }

            if (body?["next_page_token"]?.GetValue<string>() is { } token)
            {
                renamed[token] = $"page-{token.Length}-{token[^6..^3]}~";
                renamed[Uri.EscapeDataString(token)] = Uri.EscapeDataString(renamed[token]);
            }
        }

        // Searches ordered by id were recorded in the order of the ids: it must stay.
        foreach (var (index, id) in ids.Index())
        {
            renamed[id] = string.Create(CultureInfo.InvariantCulture, $"{index:x8}{id[..24]}");
        }

        return renamed;
    }

    private static void AddGenerated(Dictionary<string, string> renamed, string name, string request)
    {
        if (!request.Contains($"\"{name}\"", StringComparison.Ordinal))
        {
            renamed[$"\"{name}\""] = $"\"other-{name}\"";
        }
    }

    [GeneratedRegex("""("(?:creation|last_update|last_updated)_time(?:stamp)?(?:_ms)?": ?)([0-9]+)""")]
    private static partial Regex Times();
}
