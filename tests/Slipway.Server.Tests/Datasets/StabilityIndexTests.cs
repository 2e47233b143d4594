using System.Globalization;
using Slipway.Server.Datasets.Comparing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>The population stability index, against one worked out from the data itself.</summary>
public sealed class StabilityIndexTests
{
    [Fact]
    public async Task Words_have_a_bin_each_and_so_have_nulls()
    {
        // 60, 30, 10, 0 of 100 against 30, 30, 20, 20.
        var left = await Tables.ColumnAsync([.. Repeat("a", 60), .. Repeat("b", 30), .. Repeat("", 10)]);
        var right = await Tables.ColumnAsync([.. Repeat("a", 30), .. Repeat("b", 30), .. Repeat("", 20), .. Repeat("new", 20)]);

        Assert.Equal(Exact([60, 30, 10, 0], [30, 30, 20, 20]), StabilityIndex.Between(left, right)!.Value, 12);
        Assert.Equal(0, StabilityIndex.Between(left, left)!.Value, 12);
    }

    [Fact]
    public async Task Few_different_numbers_have_a_bin_each()
    {
        var left = await Tables.ColumnAsync([.. Repeat("0", 70), .. Repeat("1", 30)]);
        var right = await Tables.ColumnAsync([.. Repeat("0.0", 40), .. Repeat("1", 40), .. Repeat("2.5", 10), .. Repeat("nan", 10)]);

        Assert.Equal(Exact([70, 30, 0, 0], [40, 40, 10, 10]), StabilityIndex.Between(left, right)!.Value, 12);
    }

    [Fact]
    public async Task Many_numbers_are_binned_by_the_deciles_of_the_left_side()
    {
        var random = new Random(1);
        var left = Enumerable.Range(0, 20_000).Select(_ => random.NextDouble()).ToList();
        var right = Enumerable.Range(0, 30_000).Select(_ => Math.Pow(random.NextDouble(), 1.5)).ToList();
        var sorted = left.Order().ToList();
        var bounds = Enumerable.Range(1, 9).Select(bin => sorted[(bin * left.Count / 10) - 1]).ToList();
        double Exactly() => Exact(Count(left, bounds), Count(right, bounds));

        var index = StabilityIndex.Between(await ColumnAsync(left), await ColumnAsync(right))!.Value;

        Assert.InRange(index, Exactly() - 0.02, Exactly() + 0.02);
        Assert.InRange(Exactly(), 0.1, 0.3);
    }

    [Fact]
    public async Task Times_are_compared_as_numbers_are()
    {
        var before = await Tables.ColumnAsync([.. Enumerable.Range(1, 28).Select(day => $"2024-01-{day:D2}")]);
        var after = await Tables.ColumnAsync([.. Enumerable.Range(1, 28).Select(day => $"2024-06-{day:D2}T10:00")]);

        Assert.InRange(StabilityIndex.Between(before, after)!.Value, 1, 20);
        Assert.Null(StabilityIndex.Between(before, await Tables.ColumnAsync("x")));
        Assert.Null(StabilityIndex.Between(before, await Tables.ColumnAsync("2024-01-01T10:00Z")));
    }

    [Fact]
    public async Task A_column_that_lost_its_values_has_moved()
    {
        var left = await Tables.ColumnAsync([.. Repeat("5", 100)]);
        var right = await Tables.ColumnAsync([.. Repeat("", 100)]);

        Assert.Equal(Exact([100, 0], [0, 100]), StabilityIndex.Between(left, right)!.Value, 12);
    }

    private static IEnumerable<string> Repeat(string cell, int count) => Enumerable.Repeat(cell, count);

    private static Task<Slipway.Server.Datasets.Profiling.ColumnProfile> ColumnAsync(List<double> values) =>
        Tables.ColumnAsync([.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))]);

    private static double[] Count(List<double> values, List<double> bounds) =>
        [.. Enumerable.Range(0, bounds.Count + 1).Select(bin => (double)values.Count(value => bounds.Count(bound => bound < value) == bin))];

    private static double Exact(double[] left, double[] right)
    {
        var (leftTotal, rightTotal) = (left.Sum(count => count + 0.5), right.Sum(count => count + 0.5));
        return left.Zip(right, (before, after) => (Expected: (before + 0.5) / leftTotal, Actual: (after + 0.5) / rightTotal))
            .Sum(bin => (bin.Actual - bin.Expected) * Math.Log(bin.Actual / bin.Expected));
    }
}
