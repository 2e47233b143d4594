using System.Net;
using System.Text;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What a version's content promises, whatever the database.</summary>
public abstract class DatasetContentContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    public static TheoryData<string, byte[]> Files => new()
    {
        { "quotes.csv", "a,\"b \"\"c\"\"\"\n\"x,\r\n\ny\",\"\"\n,2\n"u8.ToArray() },
        { "mixed-ends.csv", "a,b\r\n1,2\n3,4\r5,6"u8.ToArray() },
        { "bom.csv", [0xEF, 0xBB, 0xBF, .. "é\n🐎\n"u8] },
        { "utf16.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("name,größe\r\nann,1\r\n")] },
        { "utf16be.tsv", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("name\tgröße\nann\t1\n")] },
        { "header-only.csv", "a,b\n"u8.ToArray() },
        { "lines.jsonl", "{\"b\":1, \"a\":[1.50,{}]}\n\n{\"a\":null}"u8.ToArray() },
        { "empty.bin", [] },
        { "empty.jsonl", [] },
        { "one byte", [0] },
        { "noise.bin", Samples.Random(1, 3 << 20) },
        { "größe %41 & ? + = é.txt", "x"u8.ToArray() },
    };

    [PromiseTheory]
    [MemberData(nameof(Files))]
    public async Task A_file_comes_back_byte_for_byte(string path, byte[] bytes)
    {
        var version = await Client.AddAsync("files", "1.0.0", path, bytes);

        var (status, back, digest) = await Client.FetchAsync("files", "latest");

        Assert.Equal((HttpStatusCode.OK, Samples.Sha256(bytes)), (status, version.Text("byte_digest")));
        Samples.AssertSame(bytes, back);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(Convert.FromHexString(Samples.Sha256(bytes)))}:", digest);
        Samples.AssertSame(bytes, (await Client.FetchAsync("files", "1.0.0", path)).Bytes);
    }

    [Promise]
    public async Task A_folder_comes_back_with_all_its_files_and_the_digest_of_their_list()
    {
        (string Path, byte[] Bytes)[] folder = [("b.csv", "a\n1\n"u8.ToArray()), ("a/x.bin", "1"u8.ToArray()), ("a.bin", "2"u8.ToArray()), ("a/deep/é.txt", [])];
        var list = string.Concat(new[] { "a.bin", "a/deep/é.txt", "a/x.bin", "b.csv" }.Select(path => $"{Samples.Sha256(folder.Single(file => file.Path == path).Bytes)}  {path}\n"));

        var version = (await Client.TryAddAsync("folder", "1.0.0", folder)).Ok()["version"]!;

        Assert.Equal(Samples.Sha256(Encoding.UTF8.GetBytes(list)), version.Text("byte_digest"));
        foreach (var (path, bytes) in folder)
        {
            Samples.AssertSame(bytes, (await Client.FetchAsync("folder", "1.0.0", path)).Bytes);
        }

        Assert.Equal((1, 1, 4), (version.Number("samples"), version.Number("features"), version.Number("files")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.FetchAsync("folder", "1.0.0")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.FetchAsync("folder", "1.0.0", "a")).Status);
        var page = (await Client.GetAsync($"{On("folder", "1.0.0")}/files", ("limit", "3"))).Ok();
        Assert.Equal(["a.bin", "a/deep/é.txt", "a/x.bin"], page["files"]!.AsArray().Select(file => file!.Text("path")));
        Assert.Equal(["b.csv"], (await Client.GetAsync($"{On("folder", "1.0.0")}/files", ("after", page.Text("next")!))).Ok()["files"]!.AsArray().Select(file => file!.Text("path")));
    }

    [Promise]
    public async Task Sixty_four_megabytes_of_rows_come_back_byte_for_byte()
    {
        byte[] bytes = [.. "id,score,age,label\n"u8, .. Samples.Table(3, 64 << 20)];
        bytes = bytes[..(bytes.AsSpan().LastIndexOf((byte)'\n') + 1)];

        var version = await Client.AddAsync("large", "1.0.0", "large.csv", bytes);

        Assert.Equal((bytes.LongCount(one => one == '\n') - 1, 4), (version.Number("samples"), version.Number("features")));
        Samples.AssertSame(bytes, (await Client.FetchAsync("large", "1.0.0")).Bytes);
    }

    [Promise]
    public async Task A_range_of_a_file_is_given_out()
    {
        var bytes = Samples.Random(2, 400_000);
        await Client.AddAsync("ranges", "1.0.0", "x.bin", bytes);

        var (status, part, _) = await Client.FetchAsync("ranges", "1.0.0", range: "bytes=199990-200009");

        Assert.Equal(HttpStatusCode.PartialContent, status);
        Samples.AssertSame(bytes[199_990..200_010], part);
    }

    [Promise]
    public async Task Versions_share_what_they_have_in_common()
    {
        var first = Samples.Random(5, 4 << 20);
        await Client.AddAsync("shared", "1.0.0", "x.bin", first);
        var before = await StoredAsync();

        await Client.AddAsync("shared", "1.1.0", "x.bin", [.. first, 1, 2, 3]);

        Assert.InRange(await StoredAsync() - before, 1, 600_000);
    }

    [PromiseTheory]
    [InlineData("rows.csv")]
    [InlineData("noise.bin")]
    public async Task A_flipped_bit_is_an_error_that_names_the_file_and_never_a_wrong_byte(string path)
    {
        var bytes = path == "rows.csv" ? [.. "id,score,age,label\n"u8, .. Samples.Table(4, 300_000), (byte)'\n'] : Samples.Random(4, 300_000);
        (await Client.TryPutAsync("bits", "1.0.0", path, bytes, "&format=bytes")).Ok();
        var pack = Assert.Single(Directory.GetFiles(Path.Join(Place.Folder, "artifacts", "packs")));
        var good = await File.ReadAllBytesAsync(pack);
        foreach (var at in Enumerable.Range(0, 10).Select(number => number * (good.Length - 1) / 9))
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 1;
            await File.WriteAllBytesAsync(pack, bad);
            await AssertDamagedAsync(path, bytes);
        }

        await File.WriteAllBytesAsync(pack, good);
        Samples.AssertSame(bytes, (await Client.FetchAsync("bits", "1.0.0")).Bytes);
    }

    [Promise]
    public async Task A_sweep_keeps_what_versions_and_drafts_consist_of()
    {
        var bytes = Samples.Random(6, 300_000);
        await Client.AddAsync("kept", "1.0.0", "x.bin", bytes);
        var draft = (await Client.PostAsync($"{Root}/kept/drafts", new { version = "2.0.0" })).Ok().Text("id")!;
        (await Client.SendAsync(HttpMethod.Put, $"{Root}/kept/drafts/{draft}/file?path=y.bin", new ByteArrayContent(Samples.Random(7, 300_000)))).Ok();

        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        (await Client.PostAsync($"{Root}/kept/versions", new { version = "2.0.0", draft })).Ok();
        Samples.AssertSame(bytes, (await Client.FetchAsync("kept", "1.0.0")).Bytes);
        Samples.AssertSame(Samples.Random(7, 300_000), (await Client.FetchAsync("kept", "2.0.0")).Bytes);
    }

    private async Task AssertDamagedAsync(string path, byte[] bytes)
    {
        try
        {
            var (status, given, _) = await Client.FetchAsync("bits", "1.0.0");
            Assert.Equal(HttpStatusCode.InternalServerError, status);
            Assert.Contains($"bits@1.0.0/{path}", Encoding.UTF8.GetString(given), StringComparison.Ordinal);
            Assert.NotEqual(bytes, given);
        }
        catch (HttpRequestException)
        {
            // Found when the first bytes were sent already: all that is left is to cut the answer off.
        }
    }

    private async Task<long> StoredAsync() => long.Parse((await ColumnAsync($"select cast(sum(stored) as bigint) from content_chunks"))[0], System.Globalization.CultureInfo.InvariantCulture);
}

public sealed class DatasetContentOnSqlite() : DatasetContentContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DatasetContentOnPostgres() : DatasetContentContract(Fresh.PostgresAsync);
