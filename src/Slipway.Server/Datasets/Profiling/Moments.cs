namespace Slipway.Server.Datasets.Profiling;

/// <summary>Mean and standard deviation in one pass, by Welford's method: no sum of squares that could cancel out.</summary>
internal sealed class Moments
{
    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>Of a sample, with n - 1; zero for a single number.</summary>
    public double StandardDeviation => Count > 1 ? Math.Sqrt(_squares / (Count - 1)) : 0;

    public void Add(double value)
    {
        Count++;
        var delta = value - Mean;
        Mean += delta / Count;
        _squares += delta * (value - Mean);
    }
}
