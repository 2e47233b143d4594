using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>A column has the first type that fits every one of its cells.</summary>
public sealed class ColumnTypeTests
{
    [Theory]
    [InlineData("boolean", "true", "FALSE", "True")]
    [InlineData("integer", "0", "-0", "-17", "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999")]
    [InlineData("float", "1", "2.50", "-3e-7", "1E+5", "0.1e0")]
    [InlineData("float", "1", "nan", "-INF", "+Infinity", "1e-999")]
    [InlineData("date", "2024-02-29", "0001-01-01", "9999-12-31")]
    [InlineData("datetime", "2024-02-29", "2024-02-29 23:59", "2024-02-29T23:59:59.123456789")]
    [InlineData("timestamp", "2024-02-29T00:00Z", "2024-02-29 00:00:00.5+02", "2024-02-29T00:00:00-0330", "2024-02-29T00:00:00+14:00")]
    [InlineData("empty", "", "")]
    public async Task Cells_of_one_type_make_a_column_of_it(string type, params string[] cells) =>
        Assert.Equal(type, (await Tables.ColumnAsync([.. cells, "", .. cells])).Type.Name());

    [Theory]
    [InlineData("007")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("1e400")]
    [InlineData("١")]
    [InlineData("100000000000000000000000000000000000000")]
    [InlineData("+nan")]
    [InlineData("\"\"")]
    [InlineData("yes")]
    [InlineData("2023-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2024-1-1")]
    [InlineData("2024-01-01T24:00")]
    [InlineData("2024-01-01T10:00:60")]
    [InlineData("2024-01-01T10:00:00.")]
    [InlineData("2024-01-01T10:00:00.1234567890")]
    [InlineData("2024-01-01T10:00.5")]
    [InlineData("2024-01-01T10:00z")]
    [InlineData("2024-01-01T10:00+24:00")]
    [InlineData("2024-01-01T10:00+02:60")]
    [InlineData("2024-01-01T10:00+02-30")]
    [InlineData("0001-01-01T00:00+00:01")]
    [InlineData("9999-12-31T23:59-00:01")]
    public async Task What_is_almost_of_a_type_is_text(string cell) => Assert.Equal(ColumnType.Text, (await Tables.ColumnAsync(cell)).Type);

    [Theory]
    [InlineData("1", "true")]
    [InlineData("1", "2024-01-01")]
    [InlineData("2024-01-01", "2024-01-01T00:00Z")]
    [InlineData("2024-01-01T00:00", "2024-01-01T00:00Z")]
    [InlineData("1.5", "x")]
    public async Task Types_that_do_not_go_together_make_text(string first, string second)
    {
        Assert.Equal(ColumnType.Text, (await Tables.ColumnAsync(first, second)).Type);
        Assert.Equal(ColumnType.Text, (await Tables.ColumnAsync(second, "", first)).Type);
    }

    [Theory]
    [InlineData("integer", "1", "-2")]
    [InlineData("float", "1", "-2.5")]
    [InlineData("json", "1", "\"1\"")]
    [InlineData("json", "true", "1")]
    [InlineData("json", "\"x\"", "[]")]
    [InlineData("json", "100000000000000000000000000000000000000", "1")]
    [InlineData("text", "\"1\"", "\"true\"")]
    [InlineData("date", "\"2024-01-01\"", "\"2024-01-02\"")]
    [InlineData("timestamp", "\"2024-01-01T00:00Z\"", "\"2024-01-01 00:00:00+01\"")]
    [InlineData("text", "\"2024-01-01\"", "\"x\"")]
    [InlineData("boolean", "true", "null")]
    [InlineData("empty", "null", "null")]
    public async Task JSON_values_keep_the_types_that_JSON_has(string type, string first, string second)
    {
        foreach (var lines in new[] { $"{{\"a\":{first}}}\n{{\"a\":{second}}}\n", $"{{}}\n{{\"a\":{second}}}\n{{}}\n{{\"a\":{first}}}\n" })
        {
            Assert.Equal(type, Assert.Single((await Tables.ProfileAsync(lines, TableFormat.JsonLines)).Columns).Type.Name());
        }
    }
}
