namespace Slipway.Serving.Judging;

/// <summary>Counts what the hard limits are about.</summary>
internal sealed class HardLimitsWatch(HardLimits limits)
{
    private readonly LogHistogram _latencies = new();
    private long _failed;
    private int _crashes;

    public void Add(bool failed, double milliseconds)
    {
        _failed += failed ? 1 : 0;
        _latencies.Add(LogHistogram.RangeOf(milliseconds));
    }

    public void AddCrash() => _crashes++;

    /// <summary>The limit that is broken.</summary>
    public SignalLook? Look()
    {
        var samples = _latencies.Count;
        if (_crashes > limits.Crashes)
        {
            return Broken(Signal.Crashes, _crashes, limits.Crashes.Value);
        }

        if (samples < Math.Max(1, limits.AfterSamples))
        {
            return null;
        }

        return (double)_failed / samples > limits.ErrorRate
            ? Broken(Signal.Errors, (double)_failed / samples, limits.ErrorRate.Value)
            : limits.LatencyP99 is { } longest && _latencies.Quantile(0.99) > longest ? Broken(Signal.Latency, _latencies.Quantile(0.99), longest) : null;
    }

    private SignalLook Broken(Signal signal, double value, double limit) =>
        new(signal, 0, _latencies.Count, 0, value, limit, 0, 0, Verdict.Fail) { Part = "limit" };
}
