using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>What the recorded server answered, or what a deviation puts in its place.</summary>
internal sealed record RecordedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, Payload Body)
{
    public JsonNode? Json => (Body as Payload.Json)?.Value;

    public string? ErrorCode => Json is JsonObject body && body["error_code"] is JsonValue code ? code.GetValue<string>() : null;

    public bool IsDownload => Headers.ContainsKey("content-disposition");

    public string? MediaType => Headers.TryGetValue("content-type", out var type) ? type.Split(';')[0].Trim() : null;
}
