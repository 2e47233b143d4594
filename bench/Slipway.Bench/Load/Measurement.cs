namespace Slipway.Bench.Load;

/// <summary>What one measure found.</summary>
internal sealed class Measurement
{
    private readonly List<TimeSpan> _latencies = new(1 << 16);
    private bool _sorted;

    public TimeSpan Elapsed { get; set; }

    /// <summary>What the processors spent on the server meanwhile.</summary>
    public TimeSpan ProcessorTime { get; set; }

    public TimeSpan ProcessorTimeEach => ProcessorTime / Count;

    public long Errors { get; set; }

    public string? FirstError { get; set; }

    public int Count => _latencies.Count;

    /// <summary>Answers per second that were not errors.</summary>
    public double Rate => (Count - Errors) / Elapsed.TotalSeconds;

    public void Add(TimeSpan latency)
    {
        _latencies.Add(latency);
        _sorted = false;
    }

    public TimeSpan Percentile(double share)
    {
        if (!_sorted)
        {
            _latencies.Sort();
            _sorted = true;
        }

        return _latencies[Math.Min(Count - 1, (int)(Count * share))];
    }
}
