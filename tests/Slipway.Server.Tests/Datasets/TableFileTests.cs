using Slipway.Server.Artifacts;
using Slipway.Server.Datasets;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>One reading of a file gives its digests, its size and its shape, those that MLflow's courses compute included.</summary>
public sealed class TableFileTests
{
    [Theory]
    [InlineData("1.0.0", 10_000, "7ff26349e3956ed8", "ed8f9dde7fc958be1f2ac84e5f49f367329708bc38a66346c06c38984e0c79fe")]
    [InlineData("2.0.0", 15_000, "f857ec7011590a4d", "ae109e6713d93b1193cd416a9b1ff949ee2a34c008b0250cf8d08fec039ec0ef")]
    public async Task The_frames_of_the_course_have_the_hashes_that_it_prints(string version, long samples, string hash, string tableDigest)
    {
        await using var content = File.OpenRead(SentimentFiles.Path(version));

        var file = await TableFile.ReadAsync(content, TableFormat.Csv, CancellationToken.None);

        Assert.Equal(hash, ByteDigest.Shorten(file.ByteDigest));
        Assert.Equal(content.Length, file.Size);
        Assert.Equal(tableDigest, file.Profile.Digest);
        Assert.Equal(samples, file.Profile.Rows);
        Assert.Equal(
            [("text_length", "integer"), ("word_count", "integer"), ("sentiment_score", "float"), ("has_emoji", "integer"), ("label", "text")],
            file.Profile.Columns.Select(column => (column.Name, column.Type.Name())));
    }

    [Fact]
    public async Task The_byte_digest_is_that_of_the_whole_file_as_it_is()
    {
        byte[] content = [0xEF, 0xBB, 0xBF, .. "a\r\n1\r\n\r\n"u8];

        var file = await TableFile.ReadAsync(new Trickle(content), TableFormat.Csv, CancellationToken.None);

        Assert.Equal(await ByteDigest.OfFileAsync(new MemoryStream(content), CancellationToken.None), file.ByteDigest);
        Assert.Equal(content.Length, file.Size);
    }

    // Computed with find, sort and sha256sum, as docs/datasets.md shows.
    [Fact]
    public async Task Several_files_have_the_digest_that_command_line_tools_compute()
    {
        var first = new ManifestFile("a/x.bin", 1, await ByteDigest.OfFileAsync(new MemoryStream([.. "1"u8]), CancellationToken.None));
        var second = new ManifestFile("a.bin", 1, await ByteDigest.OfFileAsync(new MemoryStream([.. "2"u8]), CancellationToken.None));

        Assert.Equal("a1c4444612f088f5a9419243d0943f7443d7290064bf47eab9f84ed6832973bb", ByteDigest.OfFiles([first, second]));
    }
}
