using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Xunit;

namespace Slipway.Testing;

/// <summary>An answer of the server: its text, and that as JSON if it is JSON.</summary>
public sealed record WireReply(HttpStatusCode Status, HttpResponseHeaders Headers, string Text, JsonNode? Body)
{
    /// <summary>MLflow's name for what went wrong.</summary>
    public string? ErrorCode => (Body as JsonObject)?["error_code"]?.GetValue<string>();

    public string? Message => (Body as JsonObject)?["message"]?.GetValue<string>();

    /// <summary>The body of an answer that has to be a success.</summary>
    public JsonNode Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status} {Text}");
        return Body ?? throw new InvalidOperationException($"Not JSON: {Text}");
    }
}
