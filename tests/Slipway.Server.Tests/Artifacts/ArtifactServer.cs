using System.Net.Http.Headers;
using System.Text;
using Slipway.Testing;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>A server with one run, one logged model and one model version that have artifacts.</summary>
public sealed class ArtifactServer : IAsyncDisposable
{
    public const string Proxy = "/api/2.0/mlflow-artifacts/artifacts";

    private readonly Fresh _fresh;
    private TestServer _server;

    private ArtifactServer(Fresh fresh, TestServer server)
    {
        (_fresh, _server) = (fresh, server);
        Http = Connect(server);
    }

    public WireClient Client => _server.Client;

    public HttpClient Http { get; private set; }

    public Uri Address => _server.Address;

    public string Folder => _fresh.Folder;

    public string Files => Path.Join(_fresh.Folder, "artifacts", "files");

    public string Incoming => Path.Join(Directory.GetDirectories(Path.Join(_fresh.Folder, "artifacts", "benches")).Single(), "incoming");

    public string RunId { get; private set; } = "";

    public string ModelId { get; private set; } = "";

    public string RunRoot => $"0/{RunId}/artifacts";

    public static async Task<ArtifactServer> StartAsync(Fresh fresh)
    {
        var server = new ArtifactServer(fresh, await TestServer.StartAsync(fresh));
        var run = await server.Client.PostAsync("runs/create", new { experiment_id = "0" });
        server.RunId = run.Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        var model = await server.Client.PostAsync("logged-models", new { experiment_id = "0", name = "lm" });
        server.ModelId = model.Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        await server.PutAsync($"{server.RunRoot}/model/MLmodel", "flavors: {}");
        await server.PutAsync($"0/models/{server.ModelId}/artifacts/MLmodel", "logged");
        (await server.Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        (await server.Client.PostAsync("model-versions/create", new { name = "iris", source = $"mlflow-artifacts:/{server.RunRoot}/model" })).Ok();
        return server;
    }

    /// <summary>Puts a text under a path that is sent as it is.</summary>
    public async Task PutAsync(string path, string text) => (await Client.SendTextAsync(HttpMethod.Put, $"{Proxy}/{path}", text, "text/plain")).Ok();

    public Task<WireReply> ListAsync(string path) => Client.GetAsync(Proxy, ("path", path));

    public Task<HttpResponseMessage> GetAsync(string url, string? range = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = range is null ? null : RangeHeaderValue.Parse(range);
        return Http.SendAsync(request);
    }

    /// <summary>Sends a path that HTTP clients would tidy.</summary>
    public async Task<RawReply> RawAsync(string method, string target)
    {
        var body = method is "PUT" or "POST" ? "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" : "\r\n";
        return await RawHttp.SendAsync(Address, $"{method} {target} HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n{body}")
            ?? throw new HttpRequestException($"No answer to {method} {target}");
    }

    /// <summary>Ends the server and starts another on what it left.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_fresh);
        Http = Connect(_server);
    }

    /// <summary>Everything on disk but the database and the audit log's checkpoints.</summary>
    public List<string> OnDisk() =>
        [.. Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
            .Where(entry => !Path.GetRelativePath(Folder, entry).StartsWith("checkpoints", StringComparison.Ordinal))
            .Where(entry => !Path.GetFileName(entry).StartsWith("slipway.", StringComparison.Ordinal))
            .Select(entry => Path.GetRelativePath(Folder, entry) + (File.Exists(entry) ? "=" + File.ReadAllText(entry, Encoding.UTF8) : "/"))
            .Order(StringComparer.Ordinal)];

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private static HttpClient Connect(TestServer server) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }
}
