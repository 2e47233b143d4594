using Microsoft.Extensions.Logging;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Puts failed logins on record, behind the backs of those who wait for an answer. Those that come faster than that are put together.</summary>
internal sealed partial class LoginFailures : IAsyncDisposable
{
    /// <summary>More names and addresses at a time share an entry.</summary>
    private const int Limit = 256;

    private static readonly Actor Others = new("unknown", "none", null);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly Changes _changes;
    private readonly ILogger<LoginFailures> _logger;
    private readonly Task _loop;
    private Dictionary<Actor, FailLogin> _failures = [];
    private bool _isOver;

    public LoginFailures(Changes changes, ILogger<LoginFailures> logger)
    {
        (_changes, _logger) = (changes, logger);
        _loop = Task.Run(RecordAllAsync);
    }

    public void Add(string name, string reason, string? address)
    {
        var actor = new Actor(name, "none", address);
        lock (_gate)
        {
            actor = _failures.ContainsKey(actor) || _failures.Count < Limit ? actor : Others;
            var before = _failures.GetValueOrDefault(actor)?.Times ?? 0;
            _failures[actor] = new FailLogin(actor.Name, reason) { Times = before + 1 };
            if (_failures.Count == 1 && before == 0)
            {
                _waiting.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isOver = true;
            _waiting.Release();
        }

        await _loop;
        _waiting.Dispose();
    }

    private async Task RecordAllAsync()
    {
        for (var isOver = false; !isOver;)
        {
            await _waiting.WaitAsync();
            Dictionary<Actor, FailLogin> failures;
            lock (_gate)
            {
                (failures, _failures, isOver) = (_failures, [], _isOver);
            }

            foreach (var (actor, failure) in failures)
            {
                await RecordAsync(actor, failure);
            }
        }
    }

    private async Task RecordAsync(Actor actor, FailLogin failure)
    {
        try
        {
            await _changes.MakeAsync(actor, failure, CancellationToken.None);
        }
        catch (RefusedException)
        {
            // That is what it is for: the refusal is on record.
        }
        catch (Exception exception)
        {
            Log.NotRecorded(_logger, failure.Times, failure.Name, failure.Reason, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "{Count} failed logins of {Name} could not be put on record: {Reason}")]
        public static partial void NotRecorded(ILogger logger, long count, string name, string reason, Exception exception);
    }
}
