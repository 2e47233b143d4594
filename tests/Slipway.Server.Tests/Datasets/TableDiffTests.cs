using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>What a comparison of two tables finds.</summary>
public sealed class TableDiffTests : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("slipway-diff-").FullName;

    public void Dispose()
    {
        // Nothing stays there, whatever happened.
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch));
        Directory.Delete(_scratch);
    }

    [Fact]
    public async Task Rows_are_compared_as_multisets()
    {
        var difference = await CompareAsync("a,b\n1,x\n1,x\n1,x\n2,y\n3,\n", "a,b\n3,\"\"\n1,x\n2,y\n1,x\n4,z\n4,z\n");

        Assert.Equal((3, 2, null, 3), Counts(difference));
        Assert.False(difference.AreEqual);
        Assert.Empty(difference.Schema);
        Assert.Equal([(1L, "3|"), (5L, "4|z")], difference.Rows.AddedSamples.Select(Show));
        Assert.Equal([(1L, "1|x"), (5L, "3|null")], difference.Rows.RemovedSamples.Select(Show));
    }

    [Fact]
    public async Task Keys_tell_what_changed_and_in_which_columns()
    {
        var difference = await CompareAsync("id,a,b\n1,x,1.0\n2,y,2.5\n3,z,\n4,q,4\n", "id,a,b\n4,q,5\n3,Z,3\n1,x,1\n5,n,5\n", "id");

        Assert.Equal((1, 1, 2L, 1), Counts(difference));
        Assert.Equal([("a", 1L), ("b", 2L)], difference.Rows.ChangedCells);
        Assert.Equal([(4L, "5|n|5")], difference.Rows.AddedSamples.Select(Show));
        Assert.Equal([(2L, "2|y|2.5")], difference.Rows.RemovedSamples.Select(Show));
        Assert.Equal([((3L, "3|z|null"), (2L, "3|Z|3")), ((4L, "4|q|4"), (1L, "4|q|5"))], difference.Rows.ChangedSamples.Select(pair => (Show(pair.Left), Show(pair.Right))));
    }

    [Fact]
    public async Task Several_keys_name_a_row_together()
    {
        var difference = await CompareAsync("v,a,b\n1,x,1\n2,x,2\n3,,1\n", "v,a,b\n1,x,1\n9,x,2\n3,,1\n", "b", "a");

        Assert.Equal((0, 0, 1L, 2), Counts(difference));
        Assert.Equal([("v", 1L)], difference.Rows.ChangedCells);
    }

    [Theory]
    [InlineData("id,a\n1,x\n2,y\n1,z\n", "id,a\n1,x\n", "Rows 1 and 3 of the left table have the same key (id).")]
    [InlineData("id,a\n1,x\n", "id,a\n1,x\n1,x\n", "Rows 1 and 2 of the right table have the same key (id).")]
    [InlineData("id,a\n1,x\n", "id,a\n2,x\n2,x\n", "Rows 1 and 2 of the right table have the same key (id).")]
    [InlineData("id,a\n1,x\n", "key,a\n1,x\n", "The key column 'id' is not in both tables. They share: a.")]
    public async Task A_key_that_names_no_row_is_refused(string left, string right, string problem)
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => CompareAsync(left, right, "id"));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.StartsWith(problem, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_come_go_or_change_their_type_are_named_and_rows_are_compared_by_the_others()
    {
        var difference = await CompareAsync("gone,a,b\nq,1,x\nq,2,y\n", "b,a,new\nx,1.0,true\ny,2.5,true\n");

        Assert.Equal([new SchemaChange("gone", ColumnType.Text, null), new("a", ColumnType.Integer, ColumnType.Float), new("new", null, ColumnType.Boolean)], difference.Schema);
        Assert.True(difference.ColumnsMoved);
        Assert.Equal((1, 1, null, 1), Counts(difference));
        Assert.Equal(["gone", "a", "b", "new"], difference.Columns.Select(column => column.Name));
        Assert.Equal([true, false, false, true], difference.Columns.Select(column => column.StabilityIndex is null));
    }

    [Fact]
    public async Task Tables_without_a_column_in_common_share_no_row()
    {
        var difference = await CompareAsync("a\n1\n2\n", "b\n1\n");

        Assert.Equal((1, 2, null, 0), Counts(difference));
    }

    [Theory]
    [InlineData("a,b\n1,0.5\n2,1.0\n", "a,b\r\n\"1\",5e-1\r\n\"2\",1\r\n", TableFormat.Csv)]
    [InlineData("a,b\n1,x\n2,\n", "{\"b\":\"x\",\"a\":1}\n{\"a\":2}\n", TableFormat.JsonLines)]
    [InlineData("a,b\n2024-01-01T00:00Z,x\n2024-01-01T10:00Z,x\n", "{\"b\":\"x\",\"a\":\"2024-01-01 01:00+01\"}\n{\"b\":\"x\",\"a\":\"2024-01-01T10:00:00.0Z\"}\n", TableFormat.JsonLines)]
    [InlineData("a,b\n007,x\n8,x\n", "a\tb\n007\tx\n8\t\"x\"\n", TableFormat.Tsv)]
    public async Task How_values_are_written_makes_no_difference(string left, string right, object format)
    {
        var difference = await TableDiff.CompareAsync(Source(left), Source(right, (TableFormat)format), Options(), CancellationToken.None);

        Assert.True(difference.AreEqual);
        Assert.Equal((0, 0, null, 2), Counts(difference));
        Assert.Empty(difference.Schema);
        Assert.All(difference.Columns, column => Assert.Equal(0, column.StabilityIndex!.Value, 12));
    }

    [Fact]
    public async Task A_column_that_turns_from_numbers_to_text_is_compared_as_text()
    {
        var difference = await CompareAsync("id,a\n1,1.0\n2,2.0\n", "id,a\n1,1.0\n2,two\n", "id");

        Assert.Equal((0, 0, 1L, 1), Counts(difference));
        Assert.Null(difference.Columns[1].StabilityIndex);
    }

    [Fact]
    public async Task Tables_without_rows_can_be_compared()
    {
        var difference = await CompareAsync("a\n", "a\n1\n");

        Assert.Equal((1, 0, null, 0), Counts(difference));
        Assert.Equal([new SchemaChange("a", ColumnType.Empty, ColumnType.Integer)], difference.Schema);
        Assert.Null(difference.Columns[0].StabilityIndex);
    }

    [Fact]
    public async Task Only_the_first_rows_are_shown()
    {
        var difference = await CompareAsync("a\n", "a\n" + string.Concat(Enumerable.Range(0, 1000).Select(row => $"{row * 7919 % 1000}\n")));

        Assert.Equal(1000, difference.Rows.Added);
        Assert.Equal(Enumerable.Range(1, 20).Select(row => (long)row), difference.Rows.AddedSamples.Select(sample => sample.Row));
    }

    [Fact]
    public async Task Any_two_tables_differ_as_a_count_in_memory_says()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var (left, right) = (Rows(random), Rows(random));

            var whole = await CompareAsync(Csv(left), Csv(right));
            var keyed = await CompareAsync(Csv(Unique(left)), Csv(Unique(right)), "k");

            Assert.Equal(CountWhole(left, right), Counts(whole));
            Assert.Equal(CountKeyed(Unique(left), Unique(right)), Counts(keyed));
        }
    }

    [Fact]
    public async Task The_two_versions_of_the_course_share_no_row_and_have_one_distribution()
    {
        var difference = await TableDiff.CompareAsync(FileSource("1.0.0"), FileSource("2.0.0"), Options(), CancellationToken.None);

        Assert.Equal((15_000, 10_000, null, 0), Counts(difference));
        Assert.Empty(difference.Schema);
        Assert.All(difference.Columns, column => Assert.InRange(column.StabilityIndex!.Value, 0, 0.01));
        Assert.Equal([10_000L, 15_000L], new[] { difference.Columns[4].Left!.Top.Sum(top => top.Count), difference.Columns[4].Right!.Top.Sum(top => top.Count) });
    }

    private static (long Added, long Removed, long? Changed, long Unchanged) CountWhole(List<(int Key, int Value)> left, List<(int Key, int Value)> right)
    {
        var counts = left.CountBy(row => row).ToDictionary();
        var unchanged = right.CountBy(row => row).Sum(row => Math.Min(row.Value, counts.GetValueOrDefault(row.Key)));
        return (right.Count - unchanged, left.Count - unchanged, null, unchanged);
    }

    private static (long Added, long Removed, long? Changed, long Unchanged) CountKeyed(List<(int Key, int Value)> left, List<(int Key, int Value)> right)
    {
        var values = left.ToDictionary(row => row.Key, row => row.Value);
        var shared = right.Where(row => values.ContainsKey(row.Key)).ToList();
        var unchanged = shared.Count(row => values[row.Key] == row.Value);
        return (right.Count - shared.Count, left.Count - shared.Count, shared.Count - unchanged, unchanged);
    }

    private static List<(int Key, int Value)> Rows(Random random) => [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => (random.Next(200), random.Next(3)))];

    private static List<(int Key, int Value)> Unique(List<(int Key, int Value)> rows) => [.. rows.DistinctBy(row => row.Key)];

    private static string Csv(List<(int Key, int Value)> rows) => "k,v\n" + string.Concat(rows.Select(row => $"{row.Key},{row.Value}\n"));

    private static (long Added, long Removed, long? Changed, long Unchanged) Counts(TableDifference difference) =>
        (difference.Rows.Added, difference.Rows.Removed, difference.Rows.Changed, difference.Rows.Unchanged);

    private static (long Row, string Values) Show(RowSample sample) => (sample.Row, string.Join('|', sample.Values.Select(value => value ?? "null")));

    private static TableSource Source(string text, TableFormat format = TableFormat.Csv) => new(_ => Task.FromResult<Stream>(new Trickle(Tables.Utf8(text))), format);

    private static TableSource FileSource(string version) => new(_ => Task.FromResult<Stream>(File.OpenRead(SentimentFiles.Path(version))), TableFormat.Csv);

    private TableDiffOptions Options(params string[] keys) => new(keys, _scratch);

    private Task<TableDifference> CompareAsync(string left, string right, params string[] keys) =>
        TableDiff.CompareAsync(Source(left), Source(right), Options(keys), CancellationToken.None);
}
