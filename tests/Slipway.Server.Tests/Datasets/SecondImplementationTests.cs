using System.Diagnostics;
using System.Text;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>The table digest can be computed by others from its specification: <c>docs/table_digest.py</c> did, and agrees.</summary>
[Needs("python3")]
public sealed class SecondImplementationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-tables-").FullName;
    private readonly List<(string File, string Digest)> _expected = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Promise]
    public async Task Both_implementations_agree()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            await AddAsync(Tables.Utf8(new RandomTable(seed).Write(new Random(seed))), TableFormat.Csv);
        }

        foreach (var text in Csv)
        {
            await AddAsync(Tables.Utf8(text), TableFormat.Csv);
        }

        foreach (var text in JsonLines)
        {
            await AddAsync(Tables.Utf8(text), TableFormat.JsonLines);
        }

        await AddAsync(Tables.Utf8("a\tb\n1,5\t\"x\ty\"\n"), TableFormat.Tsv);
        await AddAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("é,🐎\n1,x\n")], TableFormat.Csv);
        await AddAsync([.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("é,🐎\n1,x\n")], TableFormat.Csv);
        await AddAsync(await File.ReadAllBytesAsync(SentimentFiles.Path("1.0.0")), TableFormat.Csv);

        Assert.Equal(_expected.Select(item => $"{item.Digest}  {item.File}"), await RunAsync());
    }

    // What one reads as a table and the other does not, or not as the same, is a hole in the specification.
    [Promise]
    public async Task Both_implementations_agree_on_what_is_left_of_damaged_files()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            await TryAddAsync(Damage.To(Tables.Utf8(Damage.Csv), random), TableFormat.Csv);
            await TryAddAsync(Damage.To(Tables.Utf8(Damage.JsonLines), random), TableFormat.JsonLines);
        }

        Assert.InRange(_expected.Count, 100, 599);
        Assert.Equal(_expected.Select(item => $"{item.Digest}  {item.File}"), await RunAsync());
    }

    private static readonly string[] Csv =
    [
        "a\n", "a,\n,\n", "a\n\n1\n", "a\nnan\n-inf\n+INFINITY\n1\n", "a\n1e400\n", "a\n1e-400\n2\n", "a\n123456789012345678901234567890123456789\n",
        "a\n99999999999999999999999999999999999999\n1.5\n", "a\n2024-01-01\n2024-01-01T10:00:00.120\n", "a\n2024-02-30\n", "a\n0001-01-01T00:00+00:01\n",
        "a\n9999-12-31 23:59-00\n", "a\n2024-01-01T00:00:00.000000001+0530\n", "a,b\n\"x\"\"\",5\" pipe\n", "a\nTRUE\nfalse\n\n", "a\n9007199254740993\n0.1\n", "\"\"\n1\n",
    ];

    private static readonly string[] JsonLines =
    [
        "", "{}\n{}\n", "{\"b\":1,\"a\":\"x\"}\n\n{\"c\":null}", "{\"a\":1}\n{\"a\":\"1\"}\n{\"a\":true}\n{\"a\":1.50}", "{\"a\":123456789012345678901234567890123456789}",
        "{\"a\":[1e3,1.5e-7,-0.0,-0,0.1,1e22,123456.789,5e-324,1.7976931348623157e308,100.0,-1e-5]}", "{\"a\":{\"🐎\":1,\"\\uffff\":2,\"é\":\"\\u0000\\t\\\"\\\\\\/\\u2028\"}}",
        "{\"a\":\"2024-01-01\"}\n{\"a\":\"2024-01-01 10:00\"}", "{\"a\":\"nan\"}\n{\"a\":\"true\"}", "{\"a\":\"x\"}\n{\"a\":[null,false,{}]}",
        "{\"🐎\":1,\"\\uffff\":2}", "{\"a\":1}\n{\"a\":2.0}\n{\"a\":-0}",
    ];

    private async Task AddAsync(byte[] content, TableFormat format)
    {
        var digest = (await Tables.ProfileAsync(content, format)).Digest;
        var extension = format switch { TableFormat.Csv => "csv", TableFormat.Tsv => "tsv", _ => "jsonl" };
        var file = Path.Join(_folder, $"{_expected.Count}.{extension}");
        await File.WriteAllBytesAsync(file, content);
        _expected.Add((file, digest));
    }

    private async Task TryAddAsync(byte[] content, TableFormat format)
    {
        try
        {
            await AddAsync(content, format);
        }
        catch (Fault)
        {
            // Refused: there is no digest to agree on.
        }
    }

    private async Task<string[]> RunAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("python3", [SentimentFiles.Script, .. _expected.Select(item => item.File)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
