using System.Net;
using System.Text;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What adding a version promises, whatever the database.</summary>
public abstract class AddDatasetContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly byte[] Table = "id,name\n1,ann\n2,bob\n"u8.ToArray();

    [Promise]
    public async Task A_version_tells_what_it_is()
    {
        var more = new { description = "two people", source = "the office", tags = new[] { new { key = "team", value = "nlp" } }, aliases = new[] { "stable" } };

        var added = (await Client.TryAddAsync("people", "1.0.0", [("people.csv", Table)], more)).Ok();

        Assert.True(added["added"]!.GetValue<bool>());
        var version = await Client.VersionAsync("people", "1.0.0");
        Assert.Equal(added["version"]!.ToJsonString(), version.ToJsonString());
        Assert.Equal(("people", "1.0.0", "two people", "the office", "anonymous"), (version.Text("name"), version.Text("version"), version.Text("description"), version.Text("source"), version.Text("creator")));
        Assert.Equal((Samples.Sha256(Table), Samples.Sha256(Table)[..16]), (version.Text("byte_digest"), version.Text("short_hash")));
        Assert.Equal(64, version.Text("table_digest")!.Length);
        Assert.Equal((2, 2, 1, Table.Length), (version.Number("samples"), version.Number("features"), version.Number("files"), version.Number("size")));
        Assert.Equal("""[{"name":"id","type":"integer"},{"name":"name","type":"text"}]""", version["schema"]!.ToJsonString());
        Assert.Equal("""[{"key":"team","value":"nlp"}]""", version["tags"]!.ToJsonString());
        Assert.Equal("""["stable"]""", version["aliases"]!.ToJsonString());
        Assert.InRange(version.Number("created_at")!.Value, 1, long.MaxValue);
        Assert.Equal(version.ToJsonString(), (await Client.VersionAsync("people", "stable")).ToJsonString());
        Assert.Equal(version.ToJsonString(), (await Client.VersionAsync("people", "latest")).ToJsonString());
    }

    [Promise]
    public async Task Statistics_tell_of_each_column()
    {
        await Client.AddAsync("numbers", "1.0.0", "n.csv", Encoding.UTF8.GetBytes("x,y\n" + string.Join('\n', Enumerable.Range(1, 100).Select(number => $"{number},{(number % 2 == 0 ? "even" : "")}")) + "\n"));

        var table = (await Client.GetAsync($"{On("numbers", "latest")}/statistics")).Ok();

        Assert.Equal(("n.csv", 100), (table.Text("path"), table.Number("samples")));
        var (x, y) = (table["columns"]![0]!, table["columns"]![1]!);
        Assert.Equal(("x", "integer", 100, 0, "1", "100"), (x.Text("name"), x.Text("type"), x.Number("count"), x.Number("nulls"), x.Text("least"), x.Text("greatest")));
        Assert.Equal(50.5, x["mean"]!.GetValue<double>());
        Assert.Equal(7, x["quantiles"]!.AsArray().Count);
        Assert.Equal(("y", "text", 50, 50, 1), (y.Text("name"), y.Text("type"), y.Number("count"), y.Number("nulls"), y.Number("distinct")));
        Assert.Equal("""[{"value":"even","count":50,"error":0}]""", y["top"]!.ToJsonString());
    }

    [Promise]
    public async Task The_version_its_files_and_its_audit_entry_appear_together()
    {
        (await Client.TryAddAsync("people", "1.0.0", [("a.csv", Table), ("b.bin", [1])])).Ok();

        Assert.Equal(["dataset.add"], await ColumnAsync($"select action from audit where resource = 'datasets/people@1.0.0'"));
        Assert.Equal(["a.csv", "b.bin"], await ColumnAsync($"select path from dataset_files order by path"));
        var entry = (await Client.GetAsync("/api/slipway/v1/audit", ("action", "dataset.add"))).Ok()["entries"]![0]!;
        Assert.Equal((await Client.VersionAsync("people", "1.0.0")).Text("byte_digest"), entry["after"]!.Text("byte_digest"));
        Assert.Equal(2, entry["after"]!.Number("samples"));
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts"));
        Assert.Empty(await ColumnAsync($"select path from dataset_draft_files"));
        Assert.Equal(["dataset_version.created"], await ColumnAsync($"select topic from outbox"));
    }

    [Promise]
    public async Task Nobody_sees_a_draft_and_who_does_not_know_it_does_not_complete_it()
    {
        var draft = (await Client.PostAsync($"{Root}/people/drafts", new { version = "1.0.0" })).Ok().Text("id")!;
        (await Client.SendAsync(HttpMethod.Put, $"{Root}/people/drafts/{draft}/file?path=a.csv", new ByteArrayContent(Table))).Ok();

        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Root}/people")).Status);
        Assert.Equal("""{"datasets":[]}""", (await Client.GetAsync(Root)).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Root}/others/versions", new { version = "1.0.0", draft })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Root}/people/versions", new { version = "1.0.0", draft = "0" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync($"{Root}/people/versions", new { version = "1.0.1", draft })).Status);
        (await Client.DeleteAsync($"{Root}/people/drafts/{draft}")).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Root}/people/versions", new { version = "1.0.0", draft })).Status);
        Assert.Empty(await ColumnAsync($"select name from datasets"));
    }

    [Promise]
    public async Task The_same_content_again_changes_nothing()
    {
        await Client.AddAsync("people", "1.0.0", "people.csv", Table);
        var before = await Client.VersionAsync("people", "1.0.0");

        foreach (var again in new[] { await Client.TryPutAsync("people", "1.0.0", "people.csv", Table), await Client.TryAddAsync("people", "1.0.0", [("people.csv", Table)], new { description = "other" }) })
        {
            Assert.False(again.Ok()["added"]!.GetValue<bool>());
        }

        Assert.Equal(before.ToJsonString(), (await Client.VersionAsync("people", "1.0.0")).ToJsonString());
        Assert.Single(await ColumnAsync($"select seq from audit where action = 'dataset.add'"));
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts"));
    }

    [Promise]
    public async Task Other_content_under_the_same_version_is_refused_with_what_differs()
    {
        await Client.AddAsync("people", "1.0.0", "people.csv", Table);
        var other = "id,age\n1.5,30\n"u8.ToArray();

        var refused = (await Client.TryPutAsync("people", "1.0.0", "people.csv", other)).Problem();
        var formatted = (await Client.TryAddAsync("people", "1.0.0", [("people.csv", "id,name\r\n1,ann\r\n2,\"bob\"\r\n"u8.ToArray())])).Problem();

        Assert.Equal((HttpStatusCode.Conflict, "RESOURCE_ALREADY_EXISTS"), (refused.Status, refused.Code));
        foreach (var said in new[] { Samples.Sha256(Table)[..16], Samples.Sha256(other)[..16], "2 rows there, 1 here", "columns only there: name", "columns only here: age", "columns of another type: id" })
        {
            Assert.Contains(said, refused.Detail, StringComparison.Ordinal);
        }

        Assert.Contains("only their formatting differs", formatted.Detail, StringComparison.Ordinal);
        Samples.AssertSame(Table, (await Client.FetchAsync("people", "1.0.0")).Bytes);
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts where version = '1.0.0' and id not in (select draft from dataset_draft_files)"));
    }

    [Promise]
    public async Task Two_who_add_the_same_version_at_once_come_to_one_outcome()
    {
        var bodies = Enumerable.Range(0, 6).Select(number => Encoding.UTF8.GetBytes($"id\n{number % 2}\n")).ToList();

        var replies = await Task.WhenAll(bodies.Select(body => Task.Run(() => Client.TryPutAsync("race", "1.0.0", "a.csv", body))));

        var winner = (await Client.FetchAsync("race", "1.0.0")).Bytes;
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK && reply.Ok()["added"]!.GetValue<bool>());
        for (var i = 0; i < bodies.Count; i++)
        {
            Assert.Equal(bodies[i].AsSpan().SequenceEqual(winner) ? HttpStatusCode.OK : HttpStatusCode.Conflict, replies[i].Status);
        }

        Assert.Single(await ColumnAsync($"select id from datasets"));
        Assert.Single(await ColumnAsync($"select id from dataset_versions"));
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts"));
    }

    [Promise]
    public async Task A_request_that_is_repeated_under_its_key_is_answered_as_before()
    {
        var draft = (await Client.PostAsync($"{Root}/people/drafts", new { version = "1.0.0" })).Ok().Text("id")!;
        (await Client.SendAsync(HttpMethod.Put, $"{Root}/people/drafts/{draft}/file?path=a.csv", new ByteArrayContent(Table))).Ok();
        using var keyed = Client.With("Idempotency-Key", "once");

        var first = (await keyed.PostAsync($"{Root}/people/versions", new { version = "1.0.0", draft })).Ok();
        var second = (await keyed.PostAsync($"{Root}/people/versions", new { version = "1.0.0", draft })).Ok();

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Promise]
    public async Task Of_several_tables_each_has_its_own_digest_and_the_version_has_none()
    {
        var version = (await Client.TryAddAsync("split", "1.0.0", [("train.csv", Table), ("test.jsonl", "{\"id\":1}\n"u8.ToArray()), ("readme.txt", "x"u8.ToArray())])).Ok()["version"]!;

        Assert.Equal((null, null, null, 3), (version.Text("table_digest"), version.Number("samples"), version["schema"], version.Number("files")));
        var files = (await Client.GetAsync($"{On("split", "1.0.0")}/files")).Ok()["files"]!.AsArray();
        Assert.Equal(["readme.txt", "test.jsonl", "train.csv"], files.Select(file => file!.Text("path")));
        Assert.Equal([null, "jsonl", "csv"], files.Select(file => file!.Text("format")));
        Assert.Equal([null, 1, 2], files.Select(file => file!.Number("samples")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{On("split", "1.0.0")}/statistics")).Status);
        Assert.Equal(2, (await Client.GetAsync($"{On("split", "1.0.0")}/statistics", ("path", "train.csv"))).Ok().Number("samples"));
    }

    [Promise]
    public async Task A_format_may_be_said_where_the_name_does_not_tell()
    {
        var asTable = (await Client.TryPutAsync("said", "1.0.0", "table.txt", Table, "&format=csv")).Ok()["version"]!;
        var asBytes = (await Client.TryPutAsync("said", "2.0.0", "table.csv", "a\n\"broken"u8.ToArray(), "&format=bytes")).Ok()["version"]!;
        var unknown = (await Client.TryPutAsync("said", "3.0.0", "table.csv", Table, "&format=parquet")).Problem();

        Assert.Equal((2, null), (asTable.Number("samples"), asBytes.Number("samples")));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
        Assert.Contains("csv, tsv, jsonl or bytes", unknown.Detail, StringComparison.Ordinal);
    }
}

public sealed class AddDatasetOnSqlite() : AddDatasetContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AddDatasetOnPostgres() : AddDatasetContract(Fresh.PostgresAsync);
