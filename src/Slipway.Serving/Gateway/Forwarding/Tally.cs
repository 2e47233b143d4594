using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>What a deployment did since the gateway knows it. Counted by many threads without a lock.</summary>
internal sealed class Tally
{
    private readonly long[] _latencies = new long[LogHistogram.Ranges];
    private long _requests;
    private long _failures;
    private long _rejected;
    private long _overflowed;
    private long _retried;
    private long _timedOut;

    public long Requests => Volatile.Read(ref _requests);

    public long Failures => Volatile.Read(ref _failures);

    public long Rejected => Volatile.Read(ref _rejected);

    public long Overflowed => Volatile.Read(ref _overflowed);

    public long Retried => Volatile.Read(ref _retried);

    public long TimedOut => Volatile.Read(ref _timedOut);

    public void Answered(double milliseconds)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _latencies[LogHistogram.RangeOf(milliseconds)]);
    }

    public void AddFailure() => Interlocked.Increment(ref _failures);

    public void AddRejected() => Interlocked.Increment(ref _rejected);

    public void AddOverflowed() => Interlocked.Increment(ref _overflowed);

    public void AddRetried() => Interlocked.Increment(ref _retried);

    public void AddTimedOut() => Interlocked.Increment(ref _timedOut);

    public LogHistogram Latencies()
    {
        var copy = new LogHistogram();
        for (var range = 0; range < _latencies.Length; range++)
        {
            copy.Add(range, Volatile.Read(ref _latencies[range]));
        }

        return copy;
    }
}
