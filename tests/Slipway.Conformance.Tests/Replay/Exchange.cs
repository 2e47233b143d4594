using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>One recorded request with its answer.</summary>
internal sealed record Exchange(string Recording, int Seq, string Method, string Path, string Query)
{
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required Payload Body { get; init; }

    public required RecordedAnswer Answer { get; init; }

    public JsonObject? Request => (Body as Payload.Json)?.Value as JsonObject;

    /// <summary>The path without the API's prefix: <c>runs/create</c>.</summary>
    public string Endpoint => Path[(Path.IndexOf("/mlflow/", StringComparison.Ordinal) is var at and >= 0 ? at + "/mlflow/".Length : 0)..];

    public string Target => Query.Length == 0 ? Path : $"{Path}?{Query}";

    public static Exchange Read(string recording, JsonObject line) =>
        new(recording, line["seq"]!.GetValue<int>(), line["method"]!.GetValue<string>(), line["path"]!.GetValue<string>(), line["query"]?.GetValue<string>() ?? "")
        {
            Headers = ReadHeaders(line["request_headers"]!.AsObject()),
            Body = Payload.Read(line["request_body"]),
            Answer = new RecordedAnswer(
                line["status"]!.GetValue<int>(),
                ReadHeaders(line["response_headers"]!.AsObject()),
                Payload.Read(line["response_body"])),
        };

    private static Dictionary<string, string> ReadHeaders(JsonObject headers) =>
        headers.ToDictionary(header => header.Key, header => header.Value!.GetValue<string>(), StringComparer.OrdinalIgnoreCase);
}
