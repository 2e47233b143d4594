using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Workers;
using WorkerHealth = Slipway.Serving.Gateway.Records.WorkerHealth;
using WorkerState = Slipway.Serving.Gateway.Records.WorkerState;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>A deployment whose workers are started, probed, and drained at its end.</summary>
internal sealed class LiveDeployment : IAsyncDisposable
{
    private static readonly TimeSpan _probeWhenWell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _probeWhenNot = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _probePatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(IWorker? Worker, WorkerLink Link)> _workers = [];
    private readonly Task _work;
    private volatile bool _isDraining;

    public LiveDeployment(Deployment deployment, int number, IWorkers workers)
    {
        Pool = new Pool(deployment, number);
        _work = Task.Run(() => WorkAsync(deployment, workers));
    }

    public Pool Pool { get; }

    public string Id => Pool.Deployment.Id;

    /// <summary>Why its workers can't be started; null when they can.</summary>
    public string? Problem { get; private set; }

    public bool IsReady => Pool.Links.Count > 0 && Pool.Links.Count == Wanted && Pool.Links.All(link => link.IsHealthy);

    /// <summary>How many times a worker's process was replaced.</summary>
    public int Replaced
    {
        get
        {
            lock (_workers)
            {
                return _workers.Sum(worker => worker.Worker?.Health.Replaced ?? 0);
            }
        }
    }

    private int Wanted => Pool.Deployment.Addresses?.Count ?? Pool.Deployment.Workers;

    /// <summary>Waits until nothing is under way, at most so long, and ends the workers.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        _isDraining = true;
        Pool.Close();
        using var limit = new CancellationTokenSource(patience);
        while (Pool.Users > 0 && !limit.IsCancellationRequested)
        {
            await Task.Delay(_probeWhenNot, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await DisposeAsync();
    }

    public IReadOnlyList<WorkerState> States()
    {
        lock (_workers)
        {
            return [.. _workers.Select(worker => StateOf(worker.Worker, worker.Link))];
        }
    }

    /// <summary>What its workers last said, for whoever wants to know why they are not ready.</summary>
    public string? LastWords() => Problem ?? States().Select(state => state.LastOutput).FirstOrDefault(output => output is not null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        await Task.WhenAll(_workers.Select(worker => worker.Worker?.DisposeAsync().AsTask() ?? Task.CompletedTask));
        Pool.Dispose();
    }

    private async Task WorkAsync(Deployment deployment, IWorkers workers)
    {
        try
        {
            await StartAsync(deployment, workers);
            await Task.WhenAll(Pool.Links.Select(ProbeAsync));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was stopped while it started.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or WorkerFailedException or System.ComponentModel.Win32Exception)
        {
            Problem = exception.Message;
        }
    }

    private async Task StartAsync(Deployment deployment, IWorkers workers)
    {
        for (var i = 0; i < Wanted; i++)
        {
            var worker = deployment.Addresses is null ? await workers.StartAsync(WorkerSettings.ToOptions(deployment), _stop.Token) : null;
            var link = new WorkerLink($"{deployment.Id}/{i}", worker?.Address ?? WorkerSettings.AddressOf(deployment.Addresses![i]));
            lock (_workers)
            {
                _workers.Add((worker, link));
            }

            Pool.Add(link);
        }
    }

    private async Task ProbeAsync(WorkerLink link)
    {
        while (!_stop.IsCancellationRequested)
        {
            var wasHealthy = link.IsHealthy;
            if (await link.ProbeAsync(_probePatience, _stop.Token) && !wasHealthy)
            {
                Pool.Pump();
            }

            await WaitAsync(link);
        }
    }

    // A worker that was lost in between is asked again at once.
    private async Task WaitAsync(WorkerLink link)
    {
        var wasHealthy = link.IsHealthy;
        for (var waited = TimeSpan.Zero; waited < _probeWhenWell && !_stop.IsCancellationRequested; waited += _probeWhenNot)
        {
            await Task.Delay(_probeWhenNot, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!wasHealthy || !link.IsHealthy)
            {
                return;
            }
        }
    }

    private WorkerState StateOf(IWorker? worker, WorkerLink link)
    {
        var health = worker?.Health;
        return new WorkerState
        {
            Id = link.Id,
            Address = link.Address.ToString(),
            Health = _isDraining ? WorkerHealth.Draining : link.IsHealthy ? WorkerHealth.Healthy : health?.State == Workers.WorkerState.Starting ? WorkerHealth.Starting : WorkerHealth.Unhealthy,
            Pid = (worker as LocalWorker)?.ProcessId,
            Restarts = health?.Replaced ?? 0,
            LastOutput = link.IsHealthy || health is null ? null : string.Join('\n', new[] { health.Failure }.Concat(health.Output.TakeLast(20)).OfType<string>()) is { Length: > 0 } output ? output : null,
        };
    }
}
