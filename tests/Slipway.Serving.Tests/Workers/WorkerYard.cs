using System.Net.Http.Headers;
using System.Text;
using Slipway.Serving.Workers;
using Xunit;

namespace Slipway.Serving.Tests.Workers;

/// <summary>Real workers in processes of their own, ended with the test.</summary>
public abstract class WorkerYard : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-yard-");
    private readonly List<IAsyncDisposable> _started = [];

    private protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    private protected string Folder => _folder.FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in _started)
        {
            await started.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>The folder of a model that is a bare file.</summary>
    private protected string Bare(string file)
    {
        var folder = Directory.CreateDirectory(Path.Join(Folder, "bare-" + file));
        File.Copy(Files.Of(file), Path.Join(folder.FullName, file), overwrite: true);
        return folder.FullName;
    }

    private protected async Task<LocalWorker> StartAsync(WorkerOptions worker, Func<LocalWorkersOptions, LocalWorkersOptions>? how = null)
    {
        var options = new LocalWorkersOptions(Folder) { CheckEvery = TimeSpan.FromMilliseconds(100) };
        var workers = new LocalWorkers(how is null ? options : how(options));
        _started.Add(workers);
        return (LocalWorker)await workers.StartAsync(worker, CancellationToken.None);
    }

    private protected async Task<LocalWorker> StartReadyAsync(WorkerOptions worker, Func<LocalWorkersOptions, LocalWorkersOptions>? how = null)
    {
        var started = await StartAsync(worker, how);
        await ReadyAsync(started);
        return started;
    }

    private protected static async Task ReadyAsync(IWorker worker)
    {
        using var patience = new CancellationTokenSource(Patience);
        await worker.WaitUntilReadyAsync(patience.Token);
    }

    private protected static HttpClient Client(IWorker worker) => new(new SocketsHttpHandler { ConnectCallback = (_, token) => worker.Address.ConnectAsync(token) })
    {
        BaseAddress = new Uri("http://localhost/"),
        Timeout = Patience,
    };

    /// <summary>The status, the header that tells whose failure it was, and the body.</summary>
    private protected static async Task<(int Status, string? Failure, string Body)> AskAsync(IWorker worker, string body, string? contentType = "application/json")
    {
        using var client = Client(worker);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        using var response = await client.PostAsync(new Uri("invocations", UriKind.Relative), content);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-Slipway-Failure", out var failure) ? failure.Single() : null, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Looks until it is so.</summary>
    private protected static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, what());
            await timer.WaitForNextTickAsync();
        }
    }
}
