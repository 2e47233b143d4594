using System.Data.Common;
using Microsoft.Extensions.Logging;
using Slipway.Store;
using Slipway.Store.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>Signs, every 1,000 entries or 60 seconds, what the end of the log is, into a file and into the server's log.</summary>
internal sealed partial class Checkpointer : IAsyncDisposable
{
    /// <summary>A longer gap, such as before the first checkpoint of all, is closed by one.</summary>
    private const int MostAtOnce = 100;

    private const int Entries = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Database _database;
    private readonly CheckpointFile _file;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<Checkpointer> _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;
    private long _seen;
    private long _signedAt;
    private long? _rotatedAt;

    private Checkpointer(Database database, (string Folder, CheckpointFile File) place, TimeProvider time, ILogger<Checkpointer> logger)
    {
        (_database, _folder, _file, _time, _logger) = (database, place.Folder, place.File, time, logger);
        _seen = place.File.Last?.Sequence ?? 0;
        _signedAt = Now;
        _timer = new PeriodicTimer(Pause, time);
        _loop = Task.Run(RunAsync);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<Checkpointer> StartAsync(Database database, string folder, TimeProvider time, ILogger<Checkpointer> logger) =>
        new(database, (folder, await CheckpointFile.OpenAsync(folder, time, CancellationToken.None)), time, logger);

    /// <summary>Reads what all processes on this folder signed.</summary>
    public Task<CheckpointTrail> ReadAsync(CancellationToken cancellationToken) => CheckpointTrail.ReadAsync(CheckpointFile.All(_folder), cancellationToken);

    /// <summary>Signs with a new key from now on, and has every other process on this database do so as well, within seconds.</summary>
    /// <param name="record">Puts it on record; the others go by that.</param>
    /// <returns>The new key of this process.</returns>
    public async Task<string> RotateAsync(Func<CheckpointKey, Task> record)
    {
        await _turn.WaitAsync();
        try
        {
            var key = CheckpointKey.Create();
            await record(key);
            Rotate(key, await _database.ReadAsync(reader => RotateCheckpointKey.LastAsync(reader, CancellationToken.None), CancellationToken.None));
            return key.Id;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await LookAsync(isLast: true);
        _timer.Dispose();
        _turn.Dispose();
        _stop.Dispose();
        _file.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await LookAsync(isLast: false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(bool isLast)
    {
        await _turn.WaitAsync();
        try
        {
            var (found, rotation) = await _database.ReadAsync(async reader =>
                (await FindAsync(reader, isLast), await RotateCheckpointKey.LastAsync(reader, CancellationToken.None)), CancellationToken.None);
            Follow(rotation);
            if (found.Count > 0)
            {
                foreach (var line in _file.Append(found))
                {
                    Log.Signed(_logger, line);
                }

                (_seen, _signedAt) = (found[^1].Sequence, Now);
            }
        }
        catch (Exception exception) when (exception is Fault or DbException or IOException)
        {
            Log.Failed(_logger, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    // A rotation that another process was asked for, also while this one was not running: its key is older then.
    private void Follow(long rotation)
    {
        _rotatedAt ??= _file.KeyTime >= rotation ? rotation : 0;
        if (rotation > _rotatedAt)
        {
            Rotate(CheckpointKey.Create(), rotation);
        }
    }

    private void Rotate(CheckpointKey next, long rotation)
    {
        Log.Signed(_logger, _file.Rotate(next, rotation));
        _rotatedAt = rotation;
    }

    // What is to be signed now.
    private async Task<IReadOnlyList<Checkpoint>> FindAsync(Reader reader, bool isLast)
    {
        if (await AuditLog.FindEndAsync(reader, CancellationToken.None) is not { } end)
        {
            return [];
        }

        if (end.Sequence < _seen)
        {
            Log.CutOff(_logger, end.Sequence, _seen);
            _seen = end.Sequence;
        }

        var found = await MilestonesAsync(reader, end);
        var reached = found.Count > 0 ? found[^1].Sequence : _seen;
        return end.Sequence > reached && (isLast || Now - _signedAt >= (long)Interval.TotalMilliseconds || end.Sequence - reached >= Entries)
            ? [.. found, new Checkpoint(end.Sequence, end.Hash, Now)]
            : found;
    }

    private async Task<IReadOnlyList<Checkpoint>> MilestonesAsync(Reader reader, ChainEnd end)
    {
        var found = new List<Checkpoint>();
        var count = (end.Sequence - _seen) / Entries;
        for (var i = 1; count <= MostAtOnce && i <= count; i++)
        {
            var sequence = _seen + (i * Entries);
            foreach (var row in await AuditLog.ListAsync(reader, new AuditRange(sequence - 1, sequence), 1, CancellationToken.None))
            {
                found.Add(new Checkpoint(sequence, row.Hash, Now));
            }
        }

        return found;
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Information, "Audit checkpoint {Line}")]
        public static partial void Signed(ILogger logger, string line);

        [LoggerMessage(5002, LogLevel.Error, "The audit log could not be checkpointed; the next turn tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(5003, LogLevel.Critical, "The audit log ends at entry {End}, but a checkpoint saw entry {Seen}: entries were cut off, or an older database was put back")]
        public static partial void CutOff(ILogger logger, long end, long seen);
    }
}
