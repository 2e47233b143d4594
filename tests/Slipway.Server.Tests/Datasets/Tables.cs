using System.Text;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>Reads tables that tests write as text.</summary>
internal static class Tables
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static Task<TableProfile> ProfileAsync(string text, TableFormat format = TableFormat.Csv) => ProfileAsync(Utf8(text), format);

    public static async Task<TableProfile> ProfileAsync(byte[] content, TableFormat format = TableFormat.Csv)
    {
        await using var reader = await TableReader.OpenAsync(new Trickle(content), format, CancellationToken.None);
        return await TableProfiler.ReadAsync(reader, CancellationToken.None);
    }

    public static async Task<string> DigestAsync(string text, TableFormat format = TableFormat.Csv) => (await ProfileAsync(text, format)).Digest;

    /// <summary>The type of the only column of a table that has these cells.</summary>
    public static async Task<ColumnProfile> ColumnAsync(params string[] cells) =>
        Assert.Single((await ProfileAsync("x\n" + string.Concat(cells.Select(cell => cell + "\n")))).Columns);

    /// <summary>Every row, its cells as "kind:text" and nulls as "-".</summary>
    public static async Task<List<string>> RowsAsync(byte[] content, TableFormat format = TableFormat.Csv)
    {
        await using var reader = await TableReader.OpenAsync(new Trickle(content), format, CancellationToken.None);
        var rows = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.Columns.Count).Select(column => Show(reader[column]))));
        }

        rows.Insert(0, string.Join('|', reader.Columns));
        return rows;
    }

    private static string Show(Cell cell) => cell.IsNull ? "-" : $"{cell.Kind}:{Encoding.UTF8.GetString(cell.Bytes)}";
}
