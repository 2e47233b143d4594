using System.Net;
using System.Text;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What is refused as a version, whatever the database: it is said why, and nothing is added.</summary>
public abstract class RefusedDatasetContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly byte[] Table = "id,name\n1,ann\n2,bob\n"u8.ToArray();

    [PromiseTheory]
    [InlineData("ragged.csv", "a,b\n1,2\n3\n", "Line 3, column 2")]
    [InlineData("open.csv", "a,b\n1,\"x\n", "Line 2, column 2")]
    [InlineData("twice.csv", "a,a\n1,2\n", "Line 1, column 2")]
    [InlineData("empty.csv", "", "Line 1, column 1")]
    [InlineData("cut.jsonl", "{\"a\":1}\n{\"a\":", "Line 2, column ")]
    [InlineData("list.jsonl", "[1]\n", "Line 1, column 1")]
    public async Task What_cannot_be_read_is_named_by_line_and_column_and_nothing_is_added(string path, string text, string place)
    {
        foreach (var reply in new[] { await Client.TryPutAsync("bad", "1.0.0", path, Encoding.UTF8.GetBytes(text)), await Client.TryAddAsync("bad", "1.0.0", [(path, Encoding.UTF8.GetBytes(text))]) })
        {
            var (status, code, detail) = reply.Problem();
            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (status, code));
            Assert.StartsWith(place, detail, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Root}/bad")).Status);
        Assert.Empty(await ColumnAsync($"select name from datasets"));
        Assert.Empty(await ColumnAsync($"select path from dataset_draft_files"));
        Assert.Empty(await ColumnAsync($"select sha256 from content_objects"));
        Assert.Empty(await ColumnAsync($"select id from content_leases"));
    }

    [Promise]
    public async Task A_mistake_far_into_a_large_table_is_told_to_who_still_sends_it()
    {
        var table = Samples.Table(1, 20 << 20);
        byte[] encoding = [.. "id\n1\n"u8, 0xFF, (byte)'\n', .. table];

        var refused = (await Client.TryPutAsync("bad", "1.0.0", "bad.csv", encoding)).Problem();

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("Line 3, column 1", refused.Detail, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_mistake_is_told_at_once_to_who_listens_while_sending()
    {
        var head = $"PUT {On("bad", "1.0.0")}?path=bad.csv HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Length: 1000000000000\r\n\r\n";
        byte[] beginning = [.. Encoding.Latin1.GetBytes(head), .. "a,b\n1,2,3\n"u8, .. Samples.Table(2, 4 << 20)];

        var reply = await RawHttp.SendAsync(Address, beginning);

        Assert.Equal((400, "close"), (reply!.Status, reply.Header("Connection")));
        Assert.Contains("Line 2, column 3", reply.Body, StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts"));
    }

    [PromiseTheory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("%2e%2e/x")]
    [InlineData("C:/x")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.TryPutAsync("paths", "1.0.0", path, [1])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.TryAddAsync("paths", "1.0.0", [(path, [1])])).Status);
        Assert.Empty(await ColumnAsync($"select path from dataset_draft_files"));
    }

    [PromiseTheory]
    [InlineData("people", "1.0")]
    [InlineData("people", "01.0.0")]
    [InlineData("people", "latest")]
    [InlineData("people", "v1.0.0")]
    [InlineData("-people", "1.0.0")]
    [InlineData("a@b", "1.0.0")]
    public async Task What_is_no_name_or_no_semantic_version_is_refused(string name, string version)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.TryPutAsync(name, version, "a.csv", Table)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync($"{Root}/{name}/drafts", new { version })).Status);
    }

    [Promise]
    public async Task A_file_and_a_folder_of_one_name_and_no_file_at_all_are_refused()
    {
        var both = (await Client.TryAddAsync("odd", "1.0.0", [("a", [1]), ("a/b", [2])])).Problem();
        var none = (await Client.TryAddAsync("odd", "1.0.0", [])).Problem();

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (both.Status, none.Status));
        Assert.Contains("'a' can't be a file and the folder of 'a/b'", both.Detail, StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select name from datasets"));
    }
}

public sealed class RefusedDatasetOnSqlite() : RefusedDatasetContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RefusedDatasetOnPostgres() : RefusedDatasetContract(Fresh.PostgresAsync);
