using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>Bodies in place of those of which only size and hash were kept.</summary>
internal static class StandIn
{
    /// <summary>Bytes of the same size; equal hashes give equal bytes, so that a download can be compared with its upload.</summary>
    public static byte[] Bytes(Payload.Digest digest)
    {
        var pattern = SHA256.HashData(Encoding.ASCII.GetBytes(digest.Sha256));
        var bytes = new byte[digest.Size];

        for (var i = 0; i < bytes.Length; i += pattern.Length)
        {
            pattern.AsSpan(0, Math.Min(pattern.Length, bytes.Length - i)).CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }

    /// <summary>
    /// The few long JSON requests. Those that were stored or counted were rebuilt until their hash was the recorded one;
    /// the others are refused for their length alone. The run's id stands in the request that follows.
    /// </summary>
    public static Exchange ForLongJson(Exchange exchange, Exchange next)
    {
        if (exchange.Body is not Payload.Digest digest || exchange.Method != "POST")
        {
            return exchange;
        }

        var runId = next.Request?["run_id"]?.GetValue<string>();
        var body = digest.Size switch
        {
            72839 => Batch(runId!, 1000, i => Metric("big", (double)i, 1700000000000 + i, i), 0),
            68018 => Batch(runId!, 1001, i => Metric(Key(i), 1, 1700000000000, 0), 0),
            66132 => Batch(runId!, 951, i => Metric(Key(i), 1, 1700000000000, 0), 50),
            100044 => new JsonObject { ["name"] = "m1", ["key"] = "longer", ["value"] = new string('v', 100001) },
            _ => throw new InvalidDataException($"{exchange.Recording} {exchange.Seq}: a long JSON body of unknown content"),
        };
        return exchange with { Body = new Payload.Json(body) };
    }

    private static JsonObject Batch(string runId, int metrics, Func<int, JsonNode> metric, int parameters)
    {
        var batch = new JsonObject { ["run_id"] = runId, ["metrics"] = new JsonArray([.. Enumerable.Range(0, metrics).Select(metric)]) };

        if (parameters > 0)
        {
            batch["params"] = new JsonArray([.. Enumerable.Range(0, parameters).Select(i => new JsonObject { ["key"] = Key(i), ["value"] = "v" })]);
        }

        return batch;
    }

    private static JsonObject Metric(string key, double value, long timestamp, int step) =>
        new() { ["key"] = key, ["value"] = value, ["timestamp"] = timestamp, ["step"] = step };

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"k{i}");
}
