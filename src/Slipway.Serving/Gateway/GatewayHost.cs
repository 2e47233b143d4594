using System.Globalization;
using System.Net.Sockets;
using Slipway.Serving.Gateway.Control;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Journals;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Gateway.Rollouts;

namespace Slipway.Serving.Gateway;

/// <summary>A running gateway of one environment.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private const string SocketName = "control.sock";

    private readonly GatewayOptions _options;
    private readonly FileStream _lock;
    private readonly GatewayLog _log;
    private readonly LookJournal _looks;
    private readonly RequestJournal _requests;
    private readonly EntryGuard _guard;
    private readonly Fleet _fleet;
    private readonly FrontDoor _door;
    private readonly long _startedAt;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Listener? _control;
    private Listener? _entry;
    private Task _ticking = Task.CompletedTask;
    private string? _problem;

    private GatewayHost(GatewayOptions options)
    {
        _options = options;
        OwnFiles.MakeFolder(options.Folder);
        _lock = Lock(options.Folder);
        _log = new GatewayLog(options.Folder, options.Time);
        _looks = new LookJournal(options.Folder);
        _requests = new RequestJournal(Path.Join(options.Folder, "requests"), options.Time);
        _guard = new EntryGuard(options.Time);
        var numbers = new DeploymentNumbers(options.Folder);
        _fleet = new Fleet(options, _looks, numbers, _log);
        _door = new FrontDoor(() => _fleet.Routing, _requests, _guard, new FeedbackDesk(_requests, numbers));
        _startedAt = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Where callers come in; null before the first table.</summary>
    public string? Address => _entry?.Address;

    public string ControlSocket => Path.Join(_options.Folder, SocketName);

    private string TablePath => Path.Join(_options.Folder, "table.json");

    /// <summary>Starts with the last table that it had.</summary>
    /// <exception cref="IOException">Another gateway has the folder.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayOptions options)
    {
        var gateway = new GatewayHost(options);
        try
        {
            await gateway.StartAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves by this table from now on; says why not, or null.</summary>
    public async Task<string?> ApplyAsync(GatewayTable table)
    {
        await _changing.WaitAsync();
        try
        {
            var json = GatewayJson.Write(table);
            if (_fleet.Table is { } now && (table.Epoch < now.Epoch || (table.Epoch == now.Epoch && !json.AsSpan().SequenceEqual(GatewayJson.Write(now)))))
            {
                return string.Create(CultureInfo.InvariantCulture, $"The table in use has epoch {now.Epoch}: epoch {table.Epoch} is not newer.");
            }

            WholeFile.Write(TablePath, json);
            await UseAsync(table);
            return null;
        }
        finally
        {
            _changing.Release();
        }
    }

    public GatewayState State() => new()
    {
        Epoch = _fleet.Table?.Epoch ?? 0,
        Environment = _fleet.Table?.Environment,
        Pid = Environment.ProcessId,
        StartedAt = _startedAt,
        Address = Address,
        Problem = _problem,
        Models = _fleet.States(),
        LastLook = _looks.Last,
    };

    public IReadOnlyList<JournaledLook> TakeLooks(long after) => _looks.After(after);

    public string? RollBack(RollbackOrder order) => _fleet.RollBack(order);

    public void RequestStop() => _asked.TrySetResult();

    /// <summary>Returns when it was asked to stop over the control socket.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _asked.Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Callers first: what is under way ends, and nothing new begins.
        await (_entry?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_control?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _stop.CancelAsync();
        await _ticking;
        await _fleet.DisposeAsync();
        await _options.Workers.DisposeAsync();
        _requests.Dispose();
        _looks.Dispose();
        _guard.Dispose();
        _stop.Dispose();
        _changing.Dispose();
        await _lock.DisposeAsync();
    }

    private async Task StartAsync()
    {
        if (File.Exists(TablePath))
        {
            await UseAsync(GatewayJson.Read<GatewayTable>(await File.ReadAllBytesAsync(TablePath)));
        }

        _control = await Listener.StartOnSocketAsync(ControlSocket, new ControlDesk(this).AnswerAsync);
        OwnFiles.Close(ControlSocket);
        _ticking = Task.Run(TickAsync);
        _log.Write($"started with epoch {_fleet.Table?.Epoch ?? 0}");
    }

    private async Task UseAsync(GatewayTable table)
    {
        _fleet.Apply(table);
        _log.Write($"table {table.Epoch} of {table.Environment}: {table.Models.Count} models");
        await ListenAsync();
    }

    // The new address is heard before the old one is given up; one that is taken by others is tried again.
    private async Task ListenAsync()
    {
        if (_fleet.Table is not { } table || _entry?.Wanted == table.Listen)
        {
            return;
        }

        try
        {
            var before = _entry;
            _entry = await Listener.StartAsync(table.Listen, _door.AnswerAsync);
            _problem = null;
            await (before?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            _problem = $"{table.Listen} can't be listened at: {exception.Message}";
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(_options.Tick, _options.Time);
        var ticks = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                _fleet.Tick();
                _requests.Flush();
                if (_problem is not null && ++ticks % 20 == 0 && await _changing.WaitAsync(0, _stop.Token))
                {
                    await TryListenAgainAsync();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (IOException exception)
            {
                // A full disk must not end the judging; the next tick tries again.
                _problem = exception.Message;
            }
        }
    }

    private async Task TryListenAgainAsync()
    {
        try
        {
            await ListenAsync();
        }
        finally
        {
            _changing.Release();
        }
    }

    private static FileStream Lock(string folder)
    {
        var taken = new FileStream(Path.Join(folder, "gateway.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        WholeFile.Write(Path.Join(folder, "gateway.pid"), System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        return taken;
    }
}
