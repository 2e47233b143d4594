using System.Collections.Concurrent;

namespace Slipway.Serving.Workers;

/// <summary>Workers that are processes of this machine, each in a folder of its own and behind a Unix socket there.</summary>
internal sealed class LocalWorkers(LocalWorkersOptions options) : IWorkers
{
    // What the system allows is 107 bytes.
    private const int SocketPathLimit = 100;

    private readonly ConcurrentDictionary<LocalWorker, bool> _workers = [];

    public Task<IWorker> StartAsync(WorkerOptions worker, CancellationToken cancellationToken)
    {
        foreach (var stopped in _workers.Keys.Where(known => known.Health.State == WorkerState.Stopped))
        {
            _workers.TryRemove(stopped, out _);
        }

        var folder = MakeFolder();
        var started = new LocalWorker(worker with { Model = Path.GetFullPath(worker.Model) }, options, folder);
        _workers.TryAdd(started, true);
        return Task.FromResult<IWorker>(started);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_workers.Keys.Select(worker => worker.DisposeAsync().AsTask()));

    private string MakeFolder()
    {
        var folder = Path.Join(Path.GetFullPath(options.Folder), $"worker-{Guid.NewGuid():N}"[..15]);
        if (OperatingSystem.IsWindows() || folder.Length + LocalWorker.SocketName.Length >= SocketPathLimit)
        {
            // It is made for its owner alone.
            return Directory.CreateTempSubdirectory("slipway-worker-").FullName;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }
}
