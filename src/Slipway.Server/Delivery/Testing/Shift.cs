using System.Globalization;

namespace Slipway.Server.Delivery.Testing;

/// <summary>How far the predictions of one model lie from those of another over the same rows.</summary>
internal static class Shift
{
    private const int Bins = 10;

    /// <summary>More values than this are no classes.</summary>
    private const int ClassLimit = 20;

    // So that a class which one of them never predicts does not make the index infinite.
    private const double Floor = 1e-4;

    public static bool AreClasses(IReadOnlyCollection<string> predictions) => predictions.Distinct().Take(ClassLimit + 1).Count() <= ClassLimit;

    /// <summary>The population stability index: the sum over bins of (p - q) ln(p / q). Bins are classes, or tenths of the reference's numbers.</summary>
    public static double Index(IReadOnlyList<string> reference, IReadOnlyList<string> other)
    {
        var bin = AreClasses(reference) ? value => value : Tenths(reference);
        var (p, q) = (Shares(reference, bin), Shares(other, bin));
        return p.Keys.Union(q.Keys).Sum(name =>
        {
            var (a, b) = (Math.Max(p.GetValueOrDefault(name), Floor), Math.Max(q.GetValueOrDefault(name), Floor));
            return (a - b) * Math.Log(a / b);
        });
    }

    private static Dictionary<string, double> Shares(IReadOnlyList<string> values, Func<string, string> bin) =>
        values.GroupBy(bin).ToDictionary(group => group.Key, group => (double)group.Count() / values.Count);

    private static Func<string, string> Tenths(IReadOnlyList<string> reference)
    {
        var sorted = reference.Select(Number).Order().ToList();
        var edges = Enumerable.Range(1, Bins - 1).Select(tenth => sorted[sorted.Count * tenth / Bins]).ToList();
        return value => edges.Count(edge => Number(value) >= edge).ToString(CultureInfo.InvariantCulture);
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
