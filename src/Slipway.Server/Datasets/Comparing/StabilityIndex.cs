using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>
/// The population stability index: how far a column's distribution moved from the left table, the expected one, to the right.
/// By custom, below 0.1 nothing happened, and from 0.2 on something did. <c>docs/datasets.md</c> specifies the bins.
/// </summary>
internal static class StabilityIndex
{
    private const int Bins = 10;
    private const int NamedValues = 20;

    // Added to each count, so that an empty bin makes the index large and not infinite.
    private const double Smoothing = 0.5;

    /// <summary>Null where one side has no rows, or the types have no distribution in common.</summary>
    public static double? Between(ColumnProfile left, ColumnProfile right)
    {
        if (left.Count + left.Nulls == 0 || right.Count + right.Nulls == 0 || Values(left, right) is not { } values)
        {
            return null;
        }

        values.Add((left.Nulls, right.Nulls));
        var used = values.FindAll(bin => bin.Left > 0 || bin.Right > 0);
        var (leftTotal, rightTotal) = (used.Sum(bin => bin.Left + Smoothing), used.Sum(bin => bin.Right + Smoothing));
        return used.Sum(bin => Term((bin.Left + Smoothing) / leftTotal, (bin.Right + Smoothing) / rightTotal));
    }

    private static double Term(double expected, double actual) => (actual - expected) * Math.Log(actual / expected);

    // How many values of each side are in each bin; null where they can't be compared.
    private static List<(double Left, double Right)>? Values(ColumnProfile left, ColumnProfile right)
    {
        if (left.Type == ColumnType.Empty || right.Type == ColumnType.Empty)
        {
            return [(left.Count, right.Count)];
        }

        if ((left.Type.IsNumber() && right.Type.IsNumber()) || (left.Type.IsTime() && right.Type.IsTime() && left.Type.CommonWith(right.Type) != ColumnType.Text))
        {
            return Ranges(left, right);
        }

        return left.Type == right.Type ? Named(left, right) : null;
    }

    // The deciles of the left side are the bounds, each once. What is not finite has a bin of its own.
    private static List<(double Left, double Right)> Ranges(ColumnProfile left, ColumnProfile right)
    {
        var (expected, actual) = (left.Sketch!, right.Sketch!);
        var bins = new List<(double Left, double Right)> { (left.Count - expected.Count, right.Count - actual.Count) };
        var (leftBelow, rightBelow) = (0.0, 0.0);
        foreach (var bound in Bounds(expected))
        {
            var (leftRank, rightRank) = (Below(expected, bound), Below(actual, bound));
            bins.Add((leftRank - leftBelow, rightRank - rightBelow));
            (leftBelow, rightBelow) = (leftRank, rightRank);
        }

        bins.Add((expected.Count - leftBelow, actual.Count - rightBelow));
        return bins;
    }

    private static IEnumerable<double> Bounds(QuantileSketch sketch) =>
        sketch.Count == 0 ? [] : Enumerable.Range(1, Bins - 1).Select(bin => sketch.Quantile(bin / (double)Bins)).Distinct();

    private static double Below(QuantileSketch sketch, double bound) => sketch.Count == 0 ? 0 : sketch.Rank(bound) * sketch.Count;

    // The most frequent values of the left side have a bin each, all others share one.
    private static List<(double Left, double Right)> Named(ColumnProfile left, ColumnProfile right)
    {
        var actual = right.Top.ToDictionary(value => value.Value, value => value.Count);
        List<(double Left, double Right)> bins = [.. left.Top.Take(NamedValues).Select(value => ((double)value.Count, (double)actual.GetValueOrDefault(value.Value)))];
        bins.Add((Math.Max(left.Count - bins.Sum(bin => bin.Left), 0), Math.Max(right.Count - bins.Sum(bin => bin.Right), 0)));
        return bins;
    }
}
