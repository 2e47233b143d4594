using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Sees to it that open promotions go through, or end, when their time has come.</summary>
/// <remarks>
/// Once a second it looks at some of the open ones, and at those of a model at once when something about the model has
/// changed. What was under way when the process ended is found open by the next one.
/// </remarks>
internal sealed partial class PromotionRunner : IAsyncDisposable
{
    private const int PerRound = 64;
    private const int NudgeLimit = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _nudged = new(0, 1);
    private readonly ConcurrentDictionary<string, bool> _models = new();
    private readonly Spine _spine;
    private readonly Settlement _settlement;
    private readonly ILogger<PromotionRunner> _logger;
    private readonly ITimer _timer;
    private readonly Task _loop;
    private int _isDue = 1;
    private long _last;

    public PromotionRunner(Spine spine, ILogger<PromotionRunner> logger)
    {
        (_spine, _logger, _settlement) = (spine, logger, new Settlement(spine));
        _timer = spine.Time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, Pause);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Tells that something was changed, such as <c>models/iris/versions/3</c>.</summary>
    public void Nudge(string resource)
    {
        var parts = resource.Split('/');
        if (parts is not ["models", var model, ..] || _models.Count >= NudgeLimit || !_models.TryAdd(model, true))
        {
            return;
        }

        Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _timer.DisposeAsync();
        await _loop;
        _nudged.Dispose();
        _stop.Dispose();
    }

    private void Wake()
    {
        Volatile.Write(ref _isDue, 1);
        Release();
    }

    private void Release()
    {
        try
        {
            _nudged.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake, or gone.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _nudged.WaitAsync(_stop.Token);
                foreach (var model in _models.Keys)
                {
                    _models.TryRemove(model, out _);
                    await SettleAllAsync(reader => Promotions.OpenOfModelAsync(reader, model, _stop.Token));
                }

                if (Interlocked.Exchange(ref _isDue, 0) == 1)
                {
                    await SettleAllAsync(NextAsync);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    // Round and round, so that however many there are, each has its turn.
    private async Task<List<PromotionRow>> NextAsync(Reader reader)
    {
        var next = await Promotions.OpenAfterAsync(reader, _last, PerRound, _stop.Token);
        _last = next.Count < PerRound ? 0 : next[^1].Id;
        return next;
    }

    private async Task SettleAllAsync(Func<Reader, Task<List<PromotionRow>>> find)
    {
        try
        {
            foreach (var promotion in await _spine.Database.ReadAsync(find, _stop.Token))
            {
                await SettleAsync(promotion);
            }
        }
        catch (Exception exception) when (exception is Fault or DbException)
        {
            Log.NotRead(_logger, exception);
        }
    }

    private async Task SettleAsync(PromotionRow promotion)
    {
        try
        {
            await _settlement.SettleAsync(promotion, _stop.Token);
        }
        catch (Exception exception) when (exception is Fault or DbException or IOException)
        {
            // The next round tries again; one promotion holds up no other.
            Log.NotSettled(_logger, promotion.Id, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Warning, "Promotion {Id} could not be carried on, and is looked at again")]
        public static partial void NotSettled(ILogger logger, long id, Exception exception);

        [LoggerMessage(4202, LogLevel.Warning, "Open promotions could not be read, and are looked for again")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
