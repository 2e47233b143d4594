using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Serving.Gateway.Records;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Looks after every environment that no other process looks after.</summary>
internal sealed partial class Keeper : IAsyncDisposable
{
    private const long LeaseTime = 6_000;
    private const long TidyPause = 3_600_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseWithoutAny = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, EnvironmentKeeper> _keepers = new();
    private readonly string _owner = Guid.NewGuid().ToString("n");
    private readonly Spine _spine;
    private readonly string _data;
    private readonly ModelFolders _folders;
    private readonly TableMaker _tables;
    private readonly ILogger<Keeper> _logger;
    private readonly Task _loop;
    private long _tidyAt;

    public Keeper(Spine spine, string data, (EntryCheck? Entry, string? Python) usual, ILogger<Keeper> logger)
    {
        (_spine, _data, _logger) = (spine, data, logger);
        _folders = new ModelFolders(data, spine);
        _tables = new TableMaker(spine.Database, spine.Uploaders, _folders, usual);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>What the gateway of an environment said last; null when this process does not look after it, or it says nothing.</summary>
    public GatewayState? StateOf(string environment) => _keepers.GetValueOrDefault(environment)?.State;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        foreach (var keeper in _keepers.Values)
        {
            keeper.Dispose();
        }

        // Where the database is away the leases run out by themselves.
        await GuardAsync("", ReleaseAsync);
        _stop.Dispose();
    }

    private Task<bool> ReleaseAsync() => _spine.Ingest.WriteAsync(async (writer, token) =>
    {
        await Leases.ReleaseAsync(writer, _owner, token);
        return true;
    }, CancellationToken.None);

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await GuardAsync("", TidyAsync);
                var any = await GuardAsync("", LookAsync) || !_keepers.IsEmpty;
                await Task.Delay(any ? Pause : PauseWithoutAny, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the gateways go on.
        }
    }

    private async Task<bool> TidyAsync()
    {
        if (_spine.Now < _tidyAt)
        {
            return true;
        }

        _tidyAt = _spine.Now + TidyPause;
        _folders.Tidy(await _spine.Database.ReadAsync(reader => Deployments.LivingDigestsAsync(reader, _stop.Token), _stop.Token));
        return true;
    }

    private async Task<bool> LookAsync()
    {
        var (rows, used) = await _spine.Database.ReadAsync(
            async reader => (await Environments.ListAsync(reader, _stop.Token), await Deployments.UsedEnvironmentsAsync(reader, _stop.Token)),
            _stop.Token);
        await Task.WhenAll(rows.Select(row => GuardAsync(row.Name, () => TendAsync(row))));
        foreach (var gone in _keepers.Keys.Union(used).Except(rows.Select(row => row.Name)).ToList())
        {
            await GuardAsync(gone, () => LetGoAsync(gone));
        }

        return rows.Count > 0;
    }

    private async Task<bool> TendAsync(EnvironmentRow row)
    {
        if (await TakeAsync(row.Name) is not { } lease)
        {
            return false;
        }

        var keeper = KeeperOf(row.Name);
        await keeper.TendAsync(lease, row, _stop.Token);
        return true;
    }

    // Where no other process can be, the lease of one that died need not run out.
    private Task<Lease?> TakeAsync(string environment) => _spine.Ingest.WriteAsync(
        (writer, token) => Leases.TakeAsync(writer, (environment, _owner), (_spine.Database.IsShared ? _spine.Now : long.MaxValue, _spine.Now + LeaseTime), token),
        _stop.Token);

    private async Task<bool> LetGoAsync(string environment)
    {
        if (await TakeAsync(environment) is not { } lease)
        {
            return false;
        }

        await new Stewardship(_spine).EndAllAsync(lease, _stop.Token);
        await KeeperOf(environment).StopAsync(_stop.Token);
        if (_keepers.TryRemove(environment, out var keeper))
        {
            keeper.Dispose();
        }

        return true;
    }

    private EnvironmentKeeper KeeperOf(string environment) =>
        _keepers.GetOrAdd(environment, name => new EnvironmentKeeper(_spine, (_data, name), _tables, _logger));

    // One environment holds up no other, and what failed is tried again.
    private async Task<bool> GuardAsync(string environment, Func<Task<bool>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is Fault or DbException or IOException or UnauthorizedAccessException or HttpRequestException or GatewayException or JsonException)
        {
            Log.NotTended(_logger, environment, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Warning, "The environment {Environment} could not be looked after, and is looked at again")]
        public static partial void NotTended(ILogger logger, string environment, Exception exception);
    }
}
