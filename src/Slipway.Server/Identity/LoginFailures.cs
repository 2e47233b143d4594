using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Puts failed logins on record, behind the backs of those who wait for an answer. What doesn't fit is counted and dropped.</summary>
internal sealed partial class LoginFailures : IAsyncDisposable
{
    private const int Limit = 256;

    private readonly Channel<(Actor Actor, FailLogin Failure)> _queue;
    private readonly Changes _changes;
    private readonly ILogger<LoginFailures> _logger;
    private readonly Task _loop;
    private long _dropped;

    public LoginFailures(Changes changes, ILogger<LoginFailures> logger)
    {
        (_changes, _logger) = (changes, logger);
        _queue = Channel.CreateBounded<(Actor, FailLogin)>(new BoundedChannelOptions(Limit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _loop = Task.Run(RecordAllAsync);
    }

    public void Add(string name, string reason, string? address)
    {
        if (!_queue.Writer.TryWrite((new Actor(name, "none", address), new FailLogin(name, reason))))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RecordAllAsync()
    {
        await foreach (var (actor, failure) in _queue.Reader.ReadAllAsync())
        {
            await RecordAsync(actor, failure);
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            {
                Log.Dropped(_logger, dropped);
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
            Log.NotRecorded(_logger, failure.Name, failure.Reason, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "{Count} failed logins came too fast to be put on record")]
        public static partial void Dropped(ILogger logger, long count);

        [LoggerMessage(3002, LogLevel.Warning, "A failed login of {Name} could not be put on record: {Reason}")]
        public static partial void NotRecorded(ILogger logger, string name, string reason, Exception exception);
    }
}
