using System.Net;
using System.Text;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What a comparison of two versions promises, whatever the database.</summary>
public abstract class DiffDatasetContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Schema_rows_and_statistics_are_told()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", "id,name,age\n1,ann,30\n2,bob,40\n3,eve,50\n"u8.ToArray());
        await Client.AddAsync("d", "1.1.0", "d.csv", "id,name,city\n1,ann,Rome\n2,rob,Oslo\n4,kim,Kyiv\n"u8.ToArray());

        var keyed = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "latest"), ("key", "id"))).Ok();
        var whole = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "1.1.0"))).Ok();

        Assert.Equal(("d", "1.0.0", "1.1.0", false), (keyed.Text("name"), keyed.Text("a"), keyed.Text("b"), keyed["same_bytes"]!.GetValue<bool>()));
        Assert.Equal((0, 0, 1), (keyed["files"]!.Number("added_count"), keyed["files"]!.Number("removed_count"), keyed["files"]!.Number("changed_count")));
        Assert.Equal("""[{"column":"age","a":"integer"},{"column":"city","b":"text"}]""", keyed["table"]!["schema"]!.ToJsonString());
        var rows = keyed["table"]!["rows"]!;
        Assert.Equal((1, 1, 1, 1), (rows.Number("added"), rows.Number("removed"), rows.Number("changed"), rows.Number("unchanged")));
        Assert.Equal("""["id","name"]""", rows["sample_columns"]!.ToJsonString());
        Assert.Equal("""[{"a":{"row":2,"values":["2","bob"]},"b":{"row":2,"values":["2","rob"]}}]""", rows["changed_samples"]!.ToJsonString());
        Assert.Equal("""[{"column":"name","rows":1}]""", rows["changed_cells"]!.ToJsonString());
        Assert.Equal((2, 2, null, 1), (whole["table"]!["rows"]!.Number("added"), whole["table"]!["rows"]!.Number("removed"), whole["table"]!["rows"]!.Number("changed"), whole["table"]!["rows"]!.Number("unchanged")));
        var columns = keyed["table"]!["columns"]!.AsArray();
        Assert.Equal(["id", "name", "age", "city"], columns.Select(column => column!.Text("column")));
        Assert.NotNull(columns[0]!["stability_index"]);
        Assert.Equal((40, null), (columns[2]!["a"]!["mean"]!.GetValue<double>(), columns[2]!["b"]));
    }

    [Promise]
    public async Task The_same_values_in_other_bytes_are_told_apart_from_the_same_bytes()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", "a,b\n1,x\n"u8.ToArray());
        await Client.AddAsync("d", "2.0.0", "d.jsonl", "{\"b\":\"x\",\"a\":1}\n"u8.ToArray());

        var other = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"))).Ok();
        var same = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "1.0.0"))).Ok();

        Assert.Equal((false, true), (other["same_bytes"]!.GetValue<bool>(), other["table"]!["same_values"]!.GetValue<bool>()));
        Assert.Equal((true, true, 1), (same["same_bytes"]!.GetValue<bool>(), same["table"]!["same_values"]!.GetValue<bool>(), same["table"]!["rows"]!.Number("unchanged")));
    }

    [Promise]
    public async Task Folders_are_compared_file_by_file_and_a_table_by_its_path()
    {
        (await Client.TryAddAsync("d", "1.0.0", [("a.csv", "x\n1\n"u8.ToArray()), ("b.csv", "x\n1\n"u8.ToArray()), ("old.txt", [1]), ("same.txt", [2])])).Ok();
        (await Client.TryAddAsync("d", "2.0.0", [("a.csv", "x\n1\n2\n"u8.ToArray()), ("b.csv", "x\n1\n"u8.ToArray()), ("new.txt", [1]), ("same.txt", [2])])).Ok();

        var files = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"))).Ok();
        var table = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"), ("path", "a.csv"))).Ok();

        Assert.Equal("""{"unchanged":2,"added":["new.txt"],"removed":["old.txt"],"changed":["a.csv"],"added_count":1,"removed_count":1,"changed_count":1}""", files["files"]!.ToJsonString());
        Assert.Null(files["table"]);
        Assert.Contains("2 tables", files.Text("note"), StringComparison.Ordinal);
        Assert.Equal((1, 0, 1), (table["table"]!["rows"]!.Number("added"), table["table"]!["rows"]!.Number("removed"), table["table"]!["rows"]!.Number("unchanged")));
    }

    [Promise]
    public async Task A_key_that_names_no_row_or_no_column_is_the_callers_mistake()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", "id,x\n1,1\n1,2\n"u8.ToArray());
        await Client.AddAsync("d", "2.0.0", "d.csv", "id,x\n1,1\n"u8.ToArray());

        var twice = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"), ("key", "id"))).Problem();
        var unknown = (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"), ("key", "ID"))).Problem();

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (twice.Status, unknown.Status));
        Assert.Contains("Rows 1 and 2 of the left table", twice.Detail, StringComparison.Ordinal);
        Assert.Contains("'ID' is not in both", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "9.0.0"))).Status);
    }

    [Promise]
    public async Task Who_comes_when_many_are_compared_is_told_to_come_again_and_who_hangs_up_makes_room()
    {
        await AddLargeAsync("1.0.0", 150_000);
        await AddLargeAsync("2.0.0", 150_001);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0")))));
        await HangUpAsync(times: 4);

        Assert.InRange(replies.Count(reply => reply.Status == HttpStatusCode.OK), 1, 7);
        var busy = replies.Where(reply => reply.Status != HttpStatusCode.OK).ToList();
        Assert.All(busy, reply => Assert.Equal((HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"), (reply.Problem().Status, reply.Problem().Code)));
        Assert.All(busy, reply => Assert.NotNull(reply.Headers.RetryAfter));
        Assert.Equal(1, (await UntilThereIsRoomAsync())["table"]!["rows"]!.Number("added"));
    }

    private async Task AddLargeAsync(string version, int rows)
    {
        var text = new StringBuilder("id,x\n");
        for (var row = 0; row < rows; row++)
        {
            text.Append(row).Append(',').Append(row % 97).Append('\n');
        }

        await Client.AddAsync("d", version, "d.csv", Encoding.ASCII.GetBytes(text.ToString()));
    }

    private async Task HangUpAsync(int times)
    {
        using var http = new HttpClient { BaseAddress = Client.Address };
        for (var i = 0; i < times; i++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(new Uri($"{Root}/d/diff?a=1.0.0&b=2.0.0&key=id", UriKind.Relative), patience.Token));
        }
    }

    private async Task<System.Text.Json.Nodes.JsonNode> UntilThereIsRoomAsync()
    {
        var reply = await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"));
        while (reply.Status == HttpStatusCode.ServiceUnavailable)
        {
            reply = await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"));
        }

        return reply.Ok();
    }
}

public sealed class DiffDatasetOnSqlite() : DiffDatasetContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DiffDatasetOnPostgres() : DiffDatasetContract(Fresh.PostgresAsync);
