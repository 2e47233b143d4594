using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Slipway.Serving.Models;
using Slipway.Serving.Workers;

namespace Slipway.Server.Delivery.Testing;

/// <summary>A model version in a worker of its own, with what is sent to it.</summary>
internal sealed class TestedModel : IAsyncDisposable
{
    private readonly IWorkers _workers;
    private readonly HttpClient _http;

    private TestedModel(ModelFolder folder, IWorkers workers, IWorker worker)
    {
        (Folder, _workers) = (folder, workers);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, token) => worker.Address.ConnectAsync(token) })
        {
            BaseAddress = new Uri("http://worker/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public ModelFolder Folder { get; }

    /// <summary>Starts a worker and waits until it answers.</summary>
    /// <exception cref="WorkerFailedException">It does not come up.</exception>
    /// <exception cref="ModelFormatException">The folder holds no model.</exception>
    public static async Task<TestedModel> StartAsync(WorkerOptions options, string place, CancellationToken cancellationToken)
    {
        var model = ModelFolder.Open(options.Model);
        var workers = new LocalWorkers(new LocalWorkersOptions(place));
        try
        {
            var worker = await workers.StartAsync(options, cancellationToken);
            await worker.WaitUntilReadyAsync(cancellationToken);
            return new TestedModel(model, workers, worker);
        }
        catch
        {
            await workers.DisposeAsync();
            throw;
        }
    }

    public async Task<TestReply> SendAsync(string body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.PostAsync("invocations", content, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return new TestReply(response.StatusCode, answer, Stopwatch.GetElapsedTime(begun));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new TestReply(HttpStatusCode.GatewayTimeout, Encoding.UTF8.GetBytes(exception.Message), Stopwatch.GetElapsedTime(begun));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _workers.DisposeAsync();
    }
}

/// <summary>What a worker answered.</summary>
internal sealed record TestReply(HttpStatusCode Status, byte[] Body, TimeSpan Elapsed)
{
    public bool IsGood => Status == HttpStatusCode.OK;

    public string Text => Encoding.UTF8.GetString(Body);

    public static string DigestOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
