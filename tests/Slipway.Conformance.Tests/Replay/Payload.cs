using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>A recorded body, in the form in which it was kept.</summary>
internal abstract record Payload
{
    public static readonly Payload None = new Nothing();

    public sealed record Nothing : Payload;

    public sealed record Json(JsonNode? Value) : Payload;

    public sealed record Text(string Value) : Payload;

    public sealed record Binary(byte[] Value) : Payload;

    /// <summary>A body too long to keep: only its size and hash are known.</summary>
    public sealed record Digest(int Size, string Sha256) : Payload;

    public static Payload Read(JsonNode? recorded)
    {
        if (recorded is not JsonObject body)
        {
            return None;
        }

        if (body.TryGetPropertyValue("json", out var json))
        {
            return new Json(json?.DeepClone());
        }

        if (body["text"] is { } text)
        {
            return new Text(text.GetValue<string>());
        }

        return body["base64"] is { } base64
            ? new Binary(Convert.FromBase64String(base64.GetValue<string>()))
            : new Digest(body["size"]!.GetValue<int>(), body["sha256"]!.GetValue<string>());
    }
}
