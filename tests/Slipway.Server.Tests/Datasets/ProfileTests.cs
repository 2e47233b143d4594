using System.Globalization;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>The statistics of a column, against values that were worked out in another way.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task A_small_column_of_numbers_is_exact()
    {
        var column = await Tables.ColumnAsync("4", "", "-2", "4", "10", "");

        Assert.Equal((4, 2, 3), (column.Count, column.Nulls, column.Distinct));
        Assert.Equal(("-2", "10"), (column.Least, column.Greatest));
        Assert.Equal(4, column.Numbers!.Mean);
        Assert.Equal(Math.Sqrt(24), column.Numbers.StandardDeviation, 12);
        Assert.Equal([-2, -2, -2, 4, 4, 10, 10], column.Numbers.Quantiles);
        Assert.Equal([new TopValue("4", 2, 0), new TopValue("-2", 1, 0), new TopValue("10", 1, 0)], column.Top);
    }

    [Fact]
    public async Task What_is_not_finite_is_counted_and_left_out()
    {
        var column = await Tables.ColumnAsync("1.5", "nan", "-inf", "2.5");

        Assert.Equal(2, column.Numbers!.NotFinite);
        Assert.Equal(2, column.Numbers.Mean);
        Assert.Equal(("1.5", "2.5"), (column.Least, column.Greatest));
        Assert.Equal(["nan", "nan"], (await Tables.ColumnAsync("nan", "nan")).Top.SelectMany(top => Enumerable.Repeat(top.Value.ToLowerInvariant(), (int)top.Count)));
        Assert.Empty((await Tables.ColumnAsync("nan")).Numbers!.Quantiles);
    }

    [Fact]
    public async Task Mean_and_deviation_survive_a_large_offset()
    {
        var column = await Tables.ColumnAsync("1000000000004", "1000000000007", "1000000000013", "1000000000016");

        Assert.Equal(1000000000010, column.Numbers!.Mean);
        Assert.Equal(Math.Sqrt(30), column.Numbers.StandardDeviation, 9);
    }

    [Theory]
    [InlineData("b|B|é|", "B", "é")]
    [InlineData("10|9|-10|-9|100", "-10", "100")]
    [InlineData("9007199254740993|9007199254740992", "9007199254740992", "9007199254740993")]
    [InlineData("10.5|9|-1e3", "-1000", "10.5")]
    [InlineData("2024-01-01T00:00:00.5Z|2024-01-01T00:00:00Z|2024-01-01T03:00+02:00", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z")]
    [InlineData("2024-01-01T00:00:00.5Z|2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z")]
    [InlineData("2024-01-01|2023-12-31 23:59", "2023-12-31T23:59:00", "2024-01-01T00:00:00")]
    [InlineData("true|false", "false", "true")]
    [InlineData("|", null, null)]
    public async Task Extremes_are_by_value(string cells, string? least, string? greatest)
    {
        var column = await Tables.ColumnAsync(cells.Split('|'));

        Assert.Equal((least, greatest), (column.Least, column.Greatest));
    }

    [Fact]
    public async Task Values_that_are_equal_count_as_one_however_they_are_written()
    {
        var column = await Tables.ColumnAsync("1", "1.0", "1.00", "10e-1", "2.5");

        Assert.Equal(2, column.Distinct);
        Assert.Equal([new TopValue("1", 4, 0), new TopValue("2.5", 1, 0)], column.Top);
    }

    [Fact]
    public async Task A_long_text_is_cut_at_a_character_where_it_is_shown()
    {
        var column = await Tables.ColumnAsync(new string('x', TopValues.ShownBytes - 2) + "é€", new string('y', 300));

        Assert.Equal(new string('x', TopValues.ShownBytes - 2) + "é", column.Least);
        Assert.Equal(new string('y', TopValues.ShownBytes), column.Greatest);
        Assert.Equal(2, column.Distinct);
    }

    [Fact]
    public async Task A_key_that_comes_late_counts_as_null_before()
    {
        var profile = await Tables.ProfileAsync("{\"b\":1}\n{}\n{\"a\":\"x\",\"b\":2}\n", TableFormat.JsonLines);

        Assert.Equal(3, profile.Rows);
        Assert.Equal([("a", 1L, 2L), ("b", 2L, 1L)], profile.Columns.Select(column => (column.Name, column.Count, column.Nulls)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(300_000)]
    public void Distinct_values_are_estimated_within_five_standard_errors(int distinct)
    {
        var sketch = new DistinctSketch();
        var (left, right) = (new DistinctSketch(), new DistinctSketch());
        for (var i = 0; i < 2 * distinct; i++)
        {
            var fingerprint = Fingerprint.Of(Tables.Utf8((i % distinct).ToString(CultureInfo.InvariantCulture)));
            sketch.Add(fingerprint);
            (i % 3 == 0 ? left : right).Add(fingerprint);
        }

        left.Merge(right);
        Assert.InRange(sketch.Estimate(), distinct * (1 - (5 * 0.0163)), distinct * (1 + (5 * 0.0163)));
        Assert.Equal(sketch.Estimate(), left.Estimate());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Ranks_are_off_by_less_than_six_in_a_thousand(int order)
    {
        const int Count = 200_000;
        var values = Enumerable.Range(0, Count).Select(value => (double)value).ToArray();
        if (order == 1)
        {
            new Random(1).Shuffle(values);
        }
        else if (order == 2)
        {
            Array.Reverse(values);
        }

        var whole = new QuantileSketch();
        var parts = Enumerable.Range(0, 7).Select(_ => new QuantileSketch()).ToArray();
        for (var i = 0; i < Count; i++)
        {
            whole.Add(values[i]);
            parts[i * 7L / Count].Add(values[i]);
        }

        var merged = new QuantileSketch();
        Array.ForEach(parts, merged.Merge);
        foreach (var sketch in new[] { whole, merged })
        {
            Assert.Equal(Count, sketch.Count);
            for (var share = 0.01; share < 1; share += 0.01)
            {
                Assert.InRange(sketch.Quantile(share) / Count, share - 0.006, share + 0.006);
                Assert.InRange(sketch.Rank(share * Count), share - 0.006, share + 0.006);
            }

            Assert.Equal(0, sketch.Rank(-1));
            Assert.Equal(1, sketch.Rank(Count));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(50_000)]
    public void A_sketch_that_was_kept_goes_on_as_if_it_had_not_been(int count)
    {
        var random = new Random(1);
        var sketch = new QuantileSketch();
        for (var i = 0; i < count; i++)
        {
            sketch.Add(random.NextDouble());
        }

        var kept = QuantileSketch.Load(sketch.Save());
        foreach (var value in Enumerable.Range(0, 5000).Select(_ => random.NextDouble()))
        {
            sketch.Add(value);
            kept.Add(value);
        }

        Assert.Equal(sketch.Save(), kept.Save());
        Assert.Equal(sketch.Quantile(0.3), kept.Quantile(0.3));
        Assert.InRange(kept.Save().Length, 1, 16 << 10);
    }

    [Fact]
    public void Bytes_that_are_no_sketch_are_refused()
    {
        var sketch = new QuantileSketch();
        sketch.Add(1);
        var bytes = sketch.Save();

        Assert.Throws<InvalidDataException>(() => QuantileSketch.Load([]));
        Assert.Throws<InvalidDataException>(() => QuantileSketch.Load(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => QuantileSketch.Load([.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => QuantileSketch.Load([.. bytes[..8], 2, .. bytes[9..]]));
    }

    [Fact]
    public void Counts_of_frequent_values_are_never_too_small_and_too_large_by_their_error_at_most()
    {
        var random = new Random(1);
        var top = new TopValues();
        var exact = new Dictionary<string, long>();
        for (var i = 0; i < 100_000; i++)
        {
            // A quarter of them are three values, the rest are nearly all different.
            var value = random.Next(4) == 0 ? $"frequent {random.Next(3)}" : $"rare {random.Next()}";
            exact[value] = exact.GetValueOrDefault(value) + 1;
            top.Add(Tables.Utf8(value), Fingerprint.Of(Tables.Utf8(value)));
        }

        var listed = top.List(Slipway.Server.Datasets.Typing.ColumnType.Text, 3);
        Assert.Equal(["frequent 0", "frequent 1", "frequent 2"], listed.Select(value => value.Value).Order());
        Assert.All(listed, value => Assert.InRange(exact[value.Value], value.Count - value.Error, value.Count));
    }
}
