using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Server.Governance;

/// <summary>The digest that approvals are bound to: SHA-256 over canonical JSON, in lower-case hex.</summary>
/// <remarks>
/// One object without blanks, its keys in order: <c>datasets</c> (pairs of name and digest, sorted, each once), <c>gates</c> (pairs of a
/// gate's name and what it measured, in the pipeline's order, without those that an approval is not about), <c>manifest</c>,
/// <c>pipeline</c> (name and version), <c>run</c>.
/// </remarks>
internal static class ReportDigest
{
    public static string Of(StageEntry entry, IEnumerable<GateResult> results)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WritePairs(json, "datasets", entry.Evidence.Datasets.Distinct().OrderBy(dataset => dataset.Name, StringComparer.Ordinal).ThenBy(dataset => dataset.Digest, StringComparer.Ordinal));
            WritePairs(json, "gates", results.Where(result => result.Bound is not null).Select(result => (result.Gate, result.Bound!)));
            json.WriteString("manifest", entry.Version.ManifestDigest);
            json.WriteStartArray("pipeline");
            json.WriteStringValue(entry.Pipeline.Name);
            json.WriteNumberValue(entry.Pipeline.Version);
            json.WriteEndArray();
            json.WriteString("run", entry.Evidence.Run?.RunId);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void WritePairs(Utf8JsonWriter json, string name, IEnumerable<(string First, string Second)> pairs)
    {
        json.WriteStartArray(name);
        foreach (var (first, second) in pairs)
        {
            json.WriteStartArray();
            json.WriteStringValue(first);
            json.WriteStringValue(second);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
