using System.Collections.Concurrent;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Time limits of requests. They are used again, because a new one for each request costs more than all else that is allocated.</summary>
internal static class Deadlines
{
    private const int Kept = 1024;

    private static readonly ConcurrentQueue<CancellationTokenSource> _idle = [];

    public static Deadline Begin(TimeSpan limit, CancellationToken caller)
    {
        if (!_idle.TryDequeue(out var source))
        {
            source = new CancellationTokenSource();
        }

        source.CancelAfter(limit);
        return new Deadline(source, caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source));
    }

    public static void End(CancellationTokenSource source)
    {
        if (source.TryReset() && _idle.Count < Kept)
        {
            _idle.Enqueue(source);
            return;
        }

        source.Dispose();
    }
}

/// <summary>Ends when the time is over or the caller has gone.</summary>
internal readonly struct Deadline(CancellationTokenSource source, CancellationTokenRegistration caller) : IAsyncDisposable
{
    public CancellationToken Token => source.Token;

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        Deadlines.End(source);
    }
}
