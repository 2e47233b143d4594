using Microsoft.Extensions.Logging;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Workers;

/// <summary>A model that was loaded and is served by this process.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    private readonly ScoringHost _host;
    private readonly IScorer _scorer;

    private ServedModel(ScoringHost host, IScorer scorer, string runtime) => (_host, _scorer, Runtime) = (host, scorer, runtime);

    /// <summary>Where it answers.</summary>
    public WorkerAddress Address => _host.Address;

    /// <summary>The name of the runtime that loaded it.</summary>
    public string Runtime { get; }

    /// <summary>Loads a model and begins to serve it.</summary>
    /// <exception cref="ModelFormatException">It can't be loaded, or not in time; the message says what to do.</exception>
    public static async Task<ServedModel> StartAsync(WorkerOptions options, WorkerAddress listen, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var folder = ModelFolder.Open(options.Model);
        var runtime = Runtimes.Choose(folder, options.Runtime);
        var scorer = await LoadAsync(runtime, folder, options, cancellationToken);
        try
        {
            var bounds = new ScoringOptions(options.RequestLimit, options.BodyLimit);
            return new ServedModel(await ScoringHost.StartAsync(scorer, folder.Model, (listen, bounds), loggers, cancellationToken), scorer, runtime.Name);
        }
        catch
        {
            await scorer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the requests under way end, for a bounded time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _scorer.DisposeAsync();
    }

    private static async Task<IScorer> LoadAsync(IRuntime runtime, ModelFolder folder, WorkerOptions options, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.LoadLimit);
        try
        {
            return await runtime.OpenAsync(folder, options, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelFormatException($"The model was not loaded within {options.LoadLimit.TotalSeconds:0.###} s, which is the limit.");
        }
    }
}
