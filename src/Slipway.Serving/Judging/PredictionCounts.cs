namespace Slipway.Serving.Judging;

/// <summary>How many predictions fell into each bin.</summary>
internal sealed class PredictionCounts
{
    private readonly double[] _counts = new double[PredictionBins.Most];

    public double Count { get; private set; }

    public double this[int bin] => _counts[bin];

    public static PredictionCounts From(IReadOnlyDictionary<int, long> counts)
    {
        var made = new PredictionCounts();
        foreach (var (bin, count) in counts.Where(entry => entry.Key is >= 0 and < PredictionBins.Most))
        {
            made._counts[bin] += count;
            made.Count += count;
        }

        return made;
    }

    public void Add(int bin)
    {
        _counts[bin]++;
        Count++;
    }

    /// <summary>The share of predictions that would have to move to make both alike (total variation).</summary>
    public double DistanceTo(PredictionCounts other)
    {
        if (Count == 0 || other.Count == 0)
        {
            return 0;
        }

        var sum = 0.0;
        for (var i = 0; i < _counts.Length; i++)
        {
            sum += Math.Abs((_counts[i] / Count) - (other._counts[i] / other.Count));
        }

        return sum / 2;
    }

    public Dictionary<int, long> ToDictionary() =>
        _counts.Index().Where(bin => bin.Item > 0).ToDictionary(bin => bin.Index, bin => (long)bin.Item);
}
