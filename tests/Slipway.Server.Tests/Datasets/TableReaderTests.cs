using System.Text;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>What is read from CSV, TSV and JSON Lines, and what is refused, with the place of the mistake.</summary>
public sealed class TableReaderTests
{
    [Fact]
    public async Task An_empty_cell_is_null_and_an_empty_one_in_quotes_is_text() =>
        Assert.Equal(["a|b|c", "-|Plain:|-"], await Tables.RowsAsync(Tables.Utf8("a,b,c\n,\"\",\n")));

    [Fact]
    public async Task Quotes_hold_separators_line_breaks_and_quotes() =>
        Assert.Equal(["a|b", "Plain:x,\"y\"|Plain:1\r\n2", "Plain:5\" pipe|Plain: z "], await Tables.RowsAsync(Tables.Utf8("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n5\" pipe, z ")));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Rows_end_with_any_line_end_or_none(string end)
    {
        List<string> expected = ["a|b", "Plain:1|Plain:2", "-|Plain:3"];

        Assert.Equal(expected, await Tables.RowsAsync(Tables.Utf8($"a,b{end}1,2{end},3{end}")));
        Assert.Equal(expected, await Tables.RowsAsync(Tables.Utf8($"a,b{end}1,2{end}{end},3")));
    }

    [Fact]
    public async Task An_empty_line_is_a_null_where_there_is_one_column() =>
        Assert.Equal(["a", "Plain:1", "-", "Plain:2"], await Tables.RowsAsync(Tables.Utf8("a\n1\n\n2\n")));

    [Fact]
    public async Task Tabs_separate_in_TSV() =>
        Assert.Equal(["a|b", "Plain:1,5|Plain:x\ty"], await Tables.RowsAsync(Tables.Utf8("a\tb\n1,5\t\"x\ty\"\n"), TableFormat.Tsv));

    [Theory]
    [InlineData("utf-8", TableFormat.Csv)]
    [InlineData("utf-8", TableFormat.JsonLines)]
    [InlineData("utf-16", TableFormat.Csv)]
    [InlineData("utf-16", TableFormat.JsonLines)]
    [InlineData("utf-16BE", TableFormat.Csv)]
    [InlineData("utf-16BE", TableFormat.JsonLines)]
    public async Task A_byte_order_mark_says_how_text_is_encoded(string name, object format)
    {
        var encoding = Encoding.GetEncoding(name);

        // Long enough for pairs of surrogates to fall apart between two reads.
        var text = string.Concat(Enumerable.Repeat("žluťoučký 🐎 ", 3000));
        var isCsv = format is TableFormat.Csv;
        var content = isCsv ? $"ключ,b\n{text},2\n" : $"{{\"ключ\":\"{text}\",\"b\":2}}\n";

        var rows = await Tables.RowsAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(content)], (TableFormat)format);

        Assert.Equal(["ключ|b", isCsv ? $"Plain:{text}|Plain:2" : $"Text:{text}|Number:2"], rows);
    }


    [Fact]
    public async Task JSON_Lines_keep_their_types_and_a_missing_key_is_null() =>
        Assert.Equal(
            ["a|b|c", "Number:1|Text:1", "-|Boolean:true", "-|-|Nested:{\"x\":[1,25e-1,\"\\\"\"],\"y\":{}}", "-|-|-"],
            await Tables.RowsAsync(Tables.Utf8("{\"a\":1,\"b\":\"1\"}\r\n\n{\"b\": true , \"a\": null}\n{\"c\":{\"y\":{},\"x\":[1,2.50,\"\\u0022\"]}}\n{}"), TableFormat.JsonLines));

    [Theory]
    [InlineData("", "Line 1, column 1: the file is empty.")]
    [InlineData("a,b,a\n1,2,3\n", "Line 1, column 3 ('a'): column 1 has the same name.")]
    [InlineData("a,b\n1,2\n3\n", "Line 3, column 2 ('b'): the row ends after 1 of 2 cells.")]
    [InlineData("a,b\n1,2,3\n", "Line 2, column 3: the row has 3 cells, and there are 2 columns.")]
    [InlineData("a,b\n\"1\n\n2\",2\n3,\"x\n4,5\n", "Line 5, column 2 ('b'): a quote is opened and never closed.")]
    [InlineData("a,b\n1,\"", "Line 2, column 2 ('b'): a quote is opened and never closed.")]
    [InlineData("a,b\n\"1\"x,2\n", "Line 2, column 1 ('a'): the cell goes on after its closing quote.")]
    [InlineData("a,b\n\"1\"\"\",\"2\"3\"\"\n", "Line 2, column 2 ('b'): the cell goes on after its closing quote.")]
    public Task A_mistake_in_CSV_is_named_with_its_place(string text, string problem) => FailsAsync(Tables.Utf8(text), TableFormat.Csv, problem);

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":", "Line 2, column 1: this is not JSON, at byte 6 of the line.")]
    [InlineData("{\"a\":1} {\"a\":2}\n", "Line 1, column 1: this is not JSON, at byte 9 of the line.")]
    [InlineData("\n[1]\n", "Line 2, column 1: each line has to be a JSON object.")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "Line 1, column 1 ('a'): the key appears twice in one object.")]
    [InlineData("{\"a\":{\"x\":1,\"x\":2}}", "Line 1, column 1 ('a'): the key 'x' appears twice in one object.")]
    [InlineData("{\"b\":1,\"a\":1e400}", "Line 1, column 2 ('a'): the number 1e400 is out of range.")]
    [InlineData("{\"b\":1,\"a\":[-1e400]}", "Line 1, column 2 ('a'): the number -1e400 is out of range.")]
    [InlineData("{\"a\":\"\\ud800\"}", "an escape stands for no character.")]
    [InlineData("{\"a\":[\"\\ud800\"]}", "an escape stands for no character.")]
    [InlineData("{\"\\udc00\":1}", "an escape stands for no character.")]
    [InlineData("{\"a\":01}", "Line 1, column 1: this is not JSON")]
    [InlineData("{\"a\":NaN}", "Line 1, column 1: this is not JSON")]
    public Task A_mistake_in_JSON_Lines_is_named_with_its_place(string text, string problem) => FailsAsync(Tables.Utf8(text), TableFormat.JsonLines, problem);

    [Fact]
    public async Task Bytes_that_are_no_text_are_named_with_their_place()
    {
        await FailsAsync([.. "a,b\n1,x\n2,"u8, 0xE9, .. "\n"u8], TableFormat.Csv, "Line 3, column 2 ('b'): the text is not valid UTF-8.");
        await FailsAsync([.. "a,"u8, 0xC3], TableFormat.Csv, "Line 1, column 2: the text is not valid UTF-8.");
        await FailsAsync([.. "{\"a\":1}\n{\"a\":\""u8, 0xE9, .. "\"}"u8], TableFormat.JsonLines, "Line 2, column 1: the text is not valid UTF-8.");

        // UTF-16: a lone half of a pair, and half of a unit at the end.
        await FailsAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a\n1\n"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\n")], TableFormat.Csv, "Line 3, column 1 ('a'): the text is not valid UTF-8");
        await FailsAsync([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("a\n1\n2"), 0x00], TableFormat.Csv, "Line 3, column 1 ('a'): the text is not valid UTF-8");
        await FailsAsync([.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("a\n1")], TableFormat.Csv, "the file is UTF-32");
    }

    [Theory]
    [InlineData(TableFormat.Csv, "a,b\n1,\"")]
    [InlineData(TableFormat.JsonLines, "{\"a\":\"")]
    public async Task A_row_without_end_is_refused_before_it_fills_the_memory(object format, string head)
    {
        var content = new byte[TableReader.RowLimit * 3];
        content.AsSpan().Fill((byte)'x');
        Tables.Utf8(head).CopyTo(content, 0);

        await FailsAsync(content, (TableFormat)format, "longer than 16 MiB");
    }

    [Fact]
    public async Task A_table_has_a_largest_number_of_columns()
    {
        static string Csv(int columns) => string.Join(',', Enumerable.Range(0, columns)) + "\n";
        static string Json(int columns) => "{" + string.Join(',', Enumerable.Range(0, columns).Select(column => $"\"{column}\":1")) + "}";

        Assert.Equal(TableReader.ColumnLimit, (await Tables.ProfileAsync(Csv(TableReader.ColumnLimit))).Columns.Count);
        Assert.Equal(TableReader.ColumnLimit, (await Tables.ProfileAsync(Json(TableReader.ColumnLimit), TableFormat.JsonLines)).Columns.Count);
        await FailsAsync(Tables.Utf8(Csv(TableReader.ColumnLimit + 1)), TableFormat.Csv, "Line 1, column 4097: a table may have at most 4096 columns, this one has 4097.");
        await FailsAsync(Tables.Utf8(Json(TableReader.ColumnLimit + 1)), TableFormat.JsonLines, "Line 1, column 4097 ('4096'): a table may have at most 4096 columns.");
    }

    [Theory]
    [InlineData("data/train.csv", TableFormat.Csv)]
    [InlineData("TRAIN.TSV", TableFormat.Tsv)]
    [InlineData("a.tab", TableFormat.Tsv)]
    [InlineData("a.jsonl", TableFormat.JsonLines)]
    [InlineData("a.ndjson", TableFormat.JsonLines)]
    [InlineData("a.json", null)]
    [InlineData("csv", null)]
    public void A_file_s_name_says_whether_it_is_a_table(string name, object? format) => Assert.Equal(format, TableFormats.Find(name));

    private static async Task FailsAsync(byte[] content, TableFormat format, string problem)
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => Tables.ProfileAsync(content, format));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }
}
