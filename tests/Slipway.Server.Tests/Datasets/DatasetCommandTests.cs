using System.Text.Json.Nodes;
using Slipway.Server.Tests.Content;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>What <c>slipway datasets</c> promises, as a process of its own.</summary>
public sealed class DatasetCommandTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private string _folder = "";

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh);
        _folder = Directory.CreateDirectory(Path.Join(_fresh.Folder, "desk")).FullName;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_added_shown_compared_and_restored()
    {
        File.Copy(SentimentFiles.Path("1.0.0"), In("train.csv"));
        var (added, text, _) = await RunAsync("datasets", "add", "sentiment-train", "1.0.0", "train.csv", "--source", "the lab", "--tag", "team=nlp", "--alias", "stable");
        File.Copy(SentimentFiles.Path("2.0.0"), In("train.csv"), overwrite: true);
        var (second, json, _) = await RunAsync("datasets", "add", "sentiment-train", "2.0.0", "train.csv", "--json");

        Assert.Equal((0, 0), (added, second));
        Assert.Contains("sentiment-train@1.0.0 added: 10,000 samples, 5 features, 371,856 bytes, 7ff26349e3956ed8", text, StringComparison.Ordinal);
        Assert.Equal("f857ec7011590a4d", JsonNode.Parse(json)!["version"]!.Text("short_hash"));
        Assert.Contains("nothing", (await RunAsync("datasets", "add", "--help")).Output, StringComparison.Ordinal);

        Assert.Contains("2.0.0", (await RunAsync("datasets", "list")).Output, StringComparison.Ordinal);
        var versions = (await RunAsync("datasets", "list", "sentiment-train")).Output.Split('\n');
        Assert.StartsWith("2.0.0", versions[1], StringComparison.Ordinal);
        Assert.Contains("stable", versions[2], StringComparison.Ordinal);
        var shown = (await RunAsync("datasets", "show", "sentiment-train@stable")).Output;
        Assert.Contains("team=nlp", shown, StringComparison.Ordinal);
        Assert.Contains("text_length integer, word_count integer, sentiment_score float, has_emoji integer, label text", shown, StringComparison.Ordinal);
        Assert.Contains("sentiment_score", (await RunAsync("datasets", "show", "sentiment-train@latest", "--statistics")).Output, StringComparison.Ordinal);
        var diff = (await RunAsync("datasets", "diff", "sentiment-train", "1.0.0", "2.0.0")).Output;
        Assert.Contains("rows: 15,000 added, 10,000 removed, 0 unchanged", diff, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("datasets", "get", "sentiment-train@1.0.0", "-o", "back.csv")).Code);
        Samples.AssertSame(await File.ReadAllBytesAsync(SentimentFiles.Path("1.0.0")), await File.ReadAllBytesAsync(In("back.csv")));
        Assert.Equal(["back.csv", "train.csv"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_again_is_said_and_other_content_is_refused()
    {
        await File.WriteAllTextAsync(In("d.csv"), "a\n1\n");
        await RunAsync("datasets", "add", "d", "1.0.0", "d.csv");

        var (same, text, _) = await RunAsync("datasets", "add", "d", "1.0.0", "d.csv");
        await File.WriteAllTextAsync(In("d.csv"), "a\n1\n2\n");
        var (other, _, errors) = await RunAsync("datasets", "add", "d", "1.0.0", "d.csv");

        Assert.Equal((0, 1), (same, other));
        Assert.Contains("is there already, with the same content", text, StringComparison.Ordinal);
        Assert.Contains("1 rows there, 2 here", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_added_and_restored_with_all_that_is_in_it()
    {
        var files = new Dictionary<string, byte[]> { ["a.csv"] = "x\n1\n"u8.ToArray(), ["deep/er/é.bin"] = Samples.Random(1, 100_000), [".hidden"] = [], ["empty.txt"] = [] };
        foreach (var (path, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In("data/" + path))!);
            await File.WriteAllBytesAsync(In("data/" + path), bytes);
        }

        Assert.Equal(0, (await RunAsync("datasets", "add", "folder", "1.0.0", "data")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "get", "folder@latest")).Code);

        Assert.Equal(files.Count, Directory.GetFiles(In("folder-1.0.0"), "*", SearchOption.AllDirectories).Length);
        foreach (var (path, bytes) in files)
        {
            Samples.AssertSame(bytes, await File.ReadAllBytesAsync(In("folder-1.0.0/" + path)));
        }
    }

    [Fact]
    public async Task Several_files_lie_side_by_side_and_two_of_one_name_are_wrong_usage()
    {
        await File.WriteAllTextAsync(In("a.txt"), "a");
        Directory.CreateDirectory(In("sub"));
        await File.WriteAllTextAsync(In("sub/b.txt"), "b");
        await File.WriteAllTextAsync(In("sub/a.txt"), "c");

        Assert.Equal(0, (await RunAsync("datasets", "add", "many", "1.0.0", "a.txt", "sub")).Code);
        Assert.Equal(2, (await RunAsync("datasets", "add", "many", "2.0.0", "a.txt", "sub/a.txt")).Code);
        Assert.Equal(2, (await RunAsync("datasets", "add", "many", "2.0.0", "a.txt", "missing.txt")).Code);

        var listed = (await _server.Client.GetAsync($"{Sending.On("many", "1.0.0")}/files")).Ok()["files"]!.AsArray();
        Assert.Equal(["a.txt", "sub/a.txt", "sub/b.txt"], listed.Select(file => file!.Text("path")));
    }

    [Fact]
    public async Task A_link_to_a_folder_is_not_followed()
    {
        Directory.CreateDirectory(In("data"));
        await File.WriteAllTextAsync(In("data/a.txt"), "a");
        Directory.CreateSymbolicLink(In("data/loop"), In("data"));

        var (code, _, errors) = await RunAsync("datasets", "add", "links", "1.0.0", "data");

        Assert.Equal(2, code);
        Assert.Contains("is a link to a folder", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_that_is_said_and_never_by_something_broken()
    {
        await File.WriteAllTextAsync(In("d.bin"), "new");
        await RunAsync("datasets", "add", "d", "1.0.0", "d.bin");
        await File.WriteAllTextAsync(In("d.bin"), "old");

        var (kept, _, errors) = await RunAsync("datasets", "get", "d@1.0.0");
        Assert.Equal((1, "old"), (kept, await File.ReadAllTextAsync(In("d.bin"))));
        Assert.Contains("--force", errors, StringComparison.Ordinal);

        var pack = Assert.Single(Directory.GetFiles(Path.Join(_fresh.Folder, "artifacts", "packs")));
        var good = await File.ReadAllBytesAsync(pack);
        await File.WriteAllBytesAsync(pack, [(byte)(good[0] ^ 1), .. good[1..]]);
        Assert.Equal(1, (await RunAsync("datasets", "get", "d@1.0.0", "--force")).Code);
        Assert.Equal("old", await File.ReadAllTextAsync(In("d.bin")));

        await File.WriteAllBytesAsync(pack, good);
        Assert.Equal(0, (await RunAsync("datasets", "get", "d@1.0.0", "--force")).Code);
        Assert.Equal("new", await File.ReadAllTextAsync(In("d.bin")));
        Assert.Equal(["d.bin"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_is_told_by_line_and_column_also_when_it_is_large()
    {
        await File.WriteAllBytesAsync(In("bad.csv"), [.. "id,score,age,label\n1,2\n"u8, .. Samples.Table(1, 30 << 20)]);

        var (code, _, errors) = await RunAsync("datasets", "add", "bad", "1.0.0", "bad.csv");

        Assert.Equal(1, code);
        Assert.StartsWith("slipway: Line 2, column 3", errors, StringComparison.Ordinal);
        Assert.Contains("no dataset 'bad'", (await RunAsync("datasets", "show", "bad")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_given_and_taken_and_content_is_purged()
    {
        await File.WriteAllTextAsync(In("d.csv"), "a\n1\n");
        await RunAsync("datasets", "add", "d", "1.0.0", "d.csv");

        Assert.Equal(0, (await RunAsync("datasets", "alias", "d@1.0.0", "stable", "good")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "alias", "d", "good", "--delete")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "tag", "d@1.0.0", "a=b=c", "gone=1")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "tag", "d@1.0.0", "gone", "--delete")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "describe", "d@1.0.0", "the first")).Code);
        Assert.Equal(0, (await RunAsync("permissions", "list", "--dataset", "d")).Code);
        var version = await _server.Client.VersionAsync("d", "stable");
        Assert.Equal(("""["stable"]""", """[{"key":"a","value":"b=c"}]""", "the first"), (version["aliases"]!.ToJsonString(), version["tags"]!.ToJsonString(), version.Text("description")));

        Assert.Equal(2, (await RunAsync("datasets", "purge", "d@1.0.0")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "purge", "d@1.0.0", "--reason", "consent withdrawn")).Code);
        var (code, _, errors) = await RunAsync("datasets", "get", "d@1.0.0", "-o", "back.csv");
        Assert.Equal(1, code);
        Assert.Contains("was purged (consent withdrawn)", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(In("back.csv")));
        Assert.Contains("purged", (await RunAsync("datasets", "list", "d")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_the_latest_version_lacks_is_sent_unless_told_otherwise()
    {
        var first = Samples.Table(1, 2 << 20);
        byte[] second = [.. first, .. "1,2,3\n"u8];
        await File.WriteAllBytesAsync(In("first.bin"), first);
        await File.WriteAllBytesAsync(In("second.bin"), second);
        Assert.Contains($"{first.Length:N0} of {first.Length:N0} bytes were sent", (await RunAsync("datasets", "add", "d", "1.0.0", "first.bin")).Errors, StringComparison.Ordinal);

        var (code, output, errors) = await RunAsync("datasets", "add", "d", "2.0.0", "second.bin");

        Assert.Equal(0, code);
        Assert.Contains("d@2.0.0 added", output, StringComparison.Ordinal);
        Assert.InRange(long.Parse(errors.Split(' ')[0].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture), 1, 300_000);
        Assert.Contains($"0 of {first.Length:N0}", (await RunAsync("datasets", "add", "d", "3.0.0", "first.bin", "--base", "1.0.0")).Errors, StringComparison.Ordinal);
        Assert.Contains($"{first.Length:N0} of {first.Length:N0}", (await RunAsync("datasets", "add", "d", "4.0.0", "first.bin", "--no-base")).Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("datasets", "add", "d", "5.0.0", "first.bin", "--base", "9.9.9")).Code);
        Assert.Equal(2, (await RunAsync("datasets", "add", "d", "5.0.0", "first.bin", "--base", "1.0.0", "--no-base")).Code);
    }

    private string In(string path) => Path.Join(_folder, path);

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments) { Folder = _folder }.On(_server.Address).RunAsync();
}
