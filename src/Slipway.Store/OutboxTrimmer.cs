using System.Data.Common;
using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>Lets go, once an hour, of what was announced longer ago than it has to be kept.</summary>
public sealed class OutboxTrimmer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    public OutboxTrimmer(Ingest ingest, TimeProvider time)
    {
        _timer = new PeriodicTimer(Pause, time);
        _loop = Task.Run(() => RunAsync(ingest, time));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _timer.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Ingest ingest, TimeProvider time)
    {
        try
        {
            do
            {
                await TrimAsync(ingest, time);
            }
            while (await _timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TrimAsync(Ingest ingest, TimeProvider time)
    {
        try
        {
            await ingest.WriteAsync((writer, token) => Outbox.TrimAsync(writer, time.GetUtcNow(), token), _stop.Token);
        }
        catch (Exception exception) when (exception is Fault or DbException)
        {
            // There is another turn in an hour.
        }
    }
}
