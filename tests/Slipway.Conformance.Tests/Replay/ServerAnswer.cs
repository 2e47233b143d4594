using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>What the server under test answered. Status 0 stands for a connection that broke.</summary>
internal sealed record ServerAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode? Json { get; } = Parse(Body);

    public string Text => Encoding.UTF8.GetString(Body);

    public string? MediaType => Headers.TryGetValue("content-type", out var type) ? type.Split(';')[0].Trim() : null;

    private static JsonNode? Parse(byte[] body)
    {
        if (body.Length is 0 or > 16_000_000 || body[0] is not ((byte)'{' or (byte)'['))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
