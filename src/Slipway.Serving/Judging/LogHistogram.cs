namespace Slipway.Serving.Judging;

/// <summary>Counts of positive numbers in ranges a sixteenth of an octave wide, from 2^-32 to 2^32; the error of a quantile is below 7 %.</summary>
internal sealed class LogHistogram
{
    public const int Ranges = 1024;

    private const int Shift = 48;
    private const int First = (1023 - 32) << 4;

    private readonly long[] _counts = new long[Ranges];

    public long Count { get; private set; }

    /// <summary>The range of a number: its exponent and the first four bits behind the point.</summary>
    public static int RangeOf(double value) =>
        value > 0 ? Math.Clamp((int)(BitConverter.DoubleToInt64Bits(value) >> Shift) - First, 0, Ranges - 1) : 0;

    /// <summary>Where a range ends.</summary>
    public static double EndOf(int range) => BitConverter.Int64BitsToDouble((long)(range + First + 1) << Shift);

    public void Add(int range) => Add(range, 1);

    public void Add(int range, long count)
    {
        _counts[Math.Clamp(range, 0, Ranges - 1)] += count;
        Count += count;
    }

    /// <summary>The first range that this share of all numbers lies in or below.</summary>
    public int RangeAt(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        var range = 0;
        for (var seen = _counts[0]; seen < wanted && range < Ranges - 1; seen += _counts[range])
        {
            range++;
        }

        return range;
    }

    public double Quantile(double share) => Count == 0 ? 0 : EndOf(RangeAt(share));

    public long CountAbove(int range)
    {
        var above = 0L;
        for (var i = range + 1; i < Ranges; i++)
        {
            above += _counts[i];
        }

        return above;
    }

    public Dictionary<int, long> ToDictionary() =>
        _counts.Index().Where(range => range.Item > 0).ToDictionary(range => range.Index, range => range.Item);

    public static LogHistogram From(IReadOnlyDictionary<int, long> counts)
    {
        var histogram = new LogHistogram();
        foreach (var (range, count) in counts)
        {
            histogram.Add(range, count);
        }

        return histogram;
    }
}
