using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.Server.Tests.Delivery;

/// <summary>A steady stream of requests: each has its moment by the rate, and those that are late are not left out.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    /// <summary>So many are under way at most.</summary>
    private const int Callers = 64;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Asked> _asked = [];
    private readonly LiveEnvironment _live;
    private readonly double _rate;
    private readonly int[] _order;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Task[] _callers;
    private long _next;

    /// <param name="live">Who is asked.</param>
    /// <param name="rate">Requests in a second.</param>
    /// <param name="seed">Decides what is asked in which order.</param>
    public Traffic(LiveEnvironment live, double rate, int seed)
    {
        (_live, _rate) = (live, rate);
        var random = new Random(seed);
        _order = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(IrisModels.Flowers.Count))];
        _callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync))];
    }

    /// <summary>Requests that are answered by now.</summary>
    public IReadOnlyList<Asked> Answered => [.. _asked];

    public ValueTask DisposeAsync() => StopAsync();

    /// <summary>Waits for what is under way, and sends no more.</summary>
    public async ValueTask StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
    }

    private async Task CallAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _next) - 1;
            if (!await IsTimeAsync(TimeSpan.FromSeconds(number / _rate)))
            {
                return;
            }

            var begun = Stopwatch.GetTimestamp();
            _asked.Enqueue(new Asked(begun, await AskAsync(IrisModels.Of(IrisModels.Flowers[_order[number % _order.Length]]))));
        }
    }

    private async Task<bool> IsTimeAsync(TimeSpan due)
    {
        var wait = due - Stopwatch.GetElapsedTime(_begun);
        try
        {
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<string> AskAsync(string body)
    {
        try
        {
            return await _live.AskAsync(body);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return $"no answer: {exception.Message}";
        }
    }
}

/// <summary>One request.</summary>
/// <param name="Begun">The moment before it was sent.</param>
/// <param name="By">The version that answered, or what went wrong.</param>
internal sealed record Asked(long Begun, string By)
{
    public bool Failed => !long.TryParse(By, System.Globalization.CultureInfo.InvariantCulture, out _);
}
