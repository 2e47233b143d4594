namespace Slipway.Serving.Judging;

/// <summary>
/// Bets that events are likelier than a known level: for comparisons with what was, where no baseline answers in the same minutes. The
/// same mixture as in <see cref="ShareTest"/>, for a Bernoulli probability that is at most the level when nothing got worse.
/// </summary>
internal sealed class LevelTest
{
    private static readonly double[] _ratios = [1.25, 1.6, 2.5, 5, 10, 40];

    private readonly double[] _wealth = new double[_ratios.Length];
    private readonly double[] _gain = new double[_ratios.Length];
    private readonly double[] _loss = new double[_ratios.Length];

    public LevelTest(double level)
    {
        level = Math.Clamp(level, 1e-9, 1 - 1e-9);
        for (var i = 0; i < _ratios.Length; i++)
        {
            // Half way to one at most: a gambler who is certain loses all at the first surprise.
            var believed = Math.Min(level * _ratios[i], (1 + level) / 2);
            _gain[i] = Math.Log(believed / level);
            _loss[i] = Math.Log((1 - believed) / (1 - level));
        }
    }

    public double Evidence => Logarithms.OfMean(_wealth);

    public void Add(bool happened)
    {
        var change = happened ? _gain : _loss;
        for (var i = 0; i < change.Length; i++)
        {
            _wealth[i] += change[i];
        }
    }

    /// <summary>The highest probability that explains so many events with more than this chance (Chernoff's bound).</summary>
    public static double HighestLevel(long events, long samples, double chance)
    {
        if (samples == 0)
        {
            return 1;
        }

        var seen = (double)events / samples;
        var (low, high) = (seen, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = samples * Divergence(seen, middle) > Math.Log(1 / chance) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private static double Divergence(double p, double q) => Part(p, q) + Part(1 - p, 1 - q);

    private static double Part(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);
}
