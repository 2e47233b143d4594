using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>A point as it is stored: NaN is zero with a flag, infinities are the largest finite doubles.</summary>
internal readonly record struct MetricPoint(string Key, double Value, bool IsNan, long Timestamp, long Step)
{
    public static MetricPoint Of(string key, double value, long timestamp, long step) =>
        new(key, double.IsNaN(value) ? 0 : Math.Clamp(value, -double.MaxValue, double.MaxValue), double.IsNaN(value), timestamp, step);

    /// <summary>Whether this becomes the latest value: the higher step wins, then the later time, then the larger value.</summary>
    public bool Supersedes(in MetricPoint other) => (Step, Timestamp, Value).CompareTo((other.Step, other.Timestamp, other.Value)) > 0;

    public Metric ToWire() => new() { Key = Key, Value = IsNan ? double.NaN : Value, Timestamp = Timestamp, Step = Step };
}
