using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Testing;

/// <summary>Speaks MLflow's JSON to a server. A path without a leading slash is one of MLflow's: <c>runs/create</c>.</summary>
public sealed class WireClient(Uri server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    public Uri Address { get; } = server;

    /// <summary>Another client of the same server that sends this header with all its requests.</summary>
    public WireClient With(string header, string value)
    {
        var client = new WireClient(Address);
        foreach (var (name, values) in _http.DefaultRequestHeaders)
        {
            client._http.DefaultRequestHeaders.TryAddWithoutValidation(name, values);
        }

        client._http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        return client;
    }

    /// <summary>A name may be given more than once, as MLflow's lists are.</summary>
    public Task<WireReply> GetAsync(string path, params IEnumerable<(string Name, string Value)> query)
    {
        var pairs = query.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}").ToList();
        return SendAsync(HttpMethod.Get, pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}");
    }

    public Task<WireReply> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, Json(body ?? new { }));

    public Task<WireReply> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, Json(body));

    public Task<WireReply> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, Json(body));

    public Task<WireReply> DeleteAsync(string path, object? body = null) =>
        SendAsync(HttpMethod.Delete, path, body is null ? null : Json(body));

    /// <summary>Sends a text as it is, be it JSON or not.</summary>
    public Task<WireReply> SendTextAsync(HttpMethod method, string path, string text, string type = "application/json") =>
        SendAsync(method, path, new StringContent(text, Encoding.UTF8, type));

    /// <summary>Sends any content, such as a file.</summary>
    public async Task<WireReply> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        // Joined as text: a server may have a prefix, which a rooted path would replace.
        var url = Address.ToString().TrimEnd('/') + (path.StartsWith('/') ? path : $"/api/2.0/mlflow/{path}");
        using var request = new HttpRequestMessage(method, new Uri(url)) { Content = content };
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new WireReply(response.StatusCode, response.Headers, text, TryParse(text));
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
