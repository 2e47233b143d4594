using System.Net;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Tracking;

/// <summary>What log-batch promises: all of it or none, whatever the database.</summary>
public abstract class LogBatchContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly (string List, string Item)[] _badItems =
    [
        ("metrics", """{"value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "", "value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "loss", "timestamp": 1}"""),
        ("metrics", """{"key": "loss", "value": 1}"""),
        ("metrics", """{"key": "loss", "value": 1, "timestamp": -1}"""),
        ("metrics", """{"key": "loss", "value": "much", "timestamp": 1}"""),
        ("metrics", """{"key": "loss", "value": 1, "timestamp": 1.5}"""),
        ("metrics", """{"key": "loss", "value": 1, "timestamp": 1, "step": "one"}"""),
        ("metrics", """{"key": "loss", "value": 1, "timestamp": 99999999999999999999}"""),
        ("metrics", """{"key": "a//b", "value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "../b", "value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "a\nb", "value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "a\u0000b", "value": 1, "timestamp": 1}"""),
        ("metrics", """{"key": "loss", "value": 1, "timestamp": 1, "dataset_name": "d"}"""),
        ("metrics", "null"),
        ("metrics", "7"),
        ("params", """{"value": "1"}"""),
        ("params", """{"key": "depth", "value": 3}"""),
        ("params", """{"key": "depth", "value": {"a": 1}}"""),
        ("params", """{"key": "depth", "value": "a\u0000b"}"""),
        ("params", """{"key": "first", "value": "1"}"""),
        ("params", """{"key": "stored", "value": "another"}"""),
        ("params", "null"),
        ("tags", """{"value": "1"}"""),
        ("tags", """{"key": "note", "value": true}"""),
        ("tags", """{"key": "note", "value": "a\u0000b"}"""),
        ("tags", """{"key": "a?b", "value": ""}"""),
        ("tags", "[]"),
    ];

    private string _run = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await CreateRunAsync();
        (await Client.PostAsync("runs/log-parameter", new { run_id = _run, key = "stored", value = "as it is" })).Ok();
    }

    [Promise]
    public async Task One_bad_item_at_the_end_and_nothing_is_written()
    {
        var before = await RunAsync(_run);

        foreach (var bad in _badItems)
        {
            await AssertInvalidAsync(Batch(bad));
            Assert.True(before == await RunAsync(_run), $"{bad.Item} among {bad.List} left something.");
        }

        Assert.Empty(await ColumnAsync($"select key from metrics"));
    }

    [Promise]
    public async Task A_batch_over_a_limit_writes_nothing()
    {
        var before = await RunAsync(_run);

        await AssertInvalidAsync(new { run_id = _run, metrics = Metrics(1001) });
        await AssertInvalidAsync(new { run_id = _run, @params = Pairs(101) });
        await AssertInvalidAsync(new { run_id = _run, tags = Pairs(101) });
        await AssertInvalidAsync(new { run_id = _run, metrics = Metrics(950), @params = Pairs(51) });
        await AssertInvalidAsync(new { run_id = _run, metrics = Metrics(1), @params = new[] { new { key = new string('k', 251), value = "" } } });

        Assert.Equal(before, await RunAsync(_run));
    }

    [Promise]
    public async Task The_largest_batch_is_taken_and_may_be_sent_again()
    {
        for (var i = 0; i < 2; i++)
        {
            (await Client.PostAsync("runs/log-batch", new { run_id = _run, metrics = Metrics(800), @params = Pairs(100), tags = Pairs(100) })).Ok();
        }

        var data = JsonNode.Parse(await RunAsync(_run))!["data"]!;
        Assert.Equal((800, 101, 101), (data["metrics"]!.AsArray().Count, data["params"]!.AsArray().Count, data["tags"]!.AsArray().Count));
        Assert.Equal(["800"], await ColumnAsync($"select count(*) from metrics"));
    }

    [Promise]
    public async Task A_batch_for_a_run_that_is_not_there_or_deleted_writes_nothing()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync("runs/log-batch", new { run_id = new string('0', 32), metrics = Metrics(1) })).Status);
        (await Client.PostAsync("runs/delete", new { run_id = _run })).Ok();
        await AssertInvalidAsync(new { run_id = _run, metrics = Metrics(1), tags = Pairs(1) });

        Assert.Empty(await ColumnAsync($"select key from metrics"));
    }

    [Promise]
    public async Task Of_batches_that_set_a_param_at_once_to_different_values_one_wins_whole()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Client.PostAsync("runs/log-batch", new
        {
            run_id = _run,
            @params = new[] { new { key = "winner", value = $"writer {writer}" }, new { key = $"param {writer}", value = "" } },
            metrics = new[] { new { key = $"metric {writer}", value = 1, timestamp = 1 } },
            tags = new[] { new { key = $"tag {writer}", value = "" } },
        })));

        var winner = Assert.Single(Enumerable.Range(0, 32), writer => replies[writer].Status == HttpStatusCode.OK);
        Assert.All(replies.Where((_, writer) => writer != winner), reply => Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (reply.Status, reply.ErrorCode)));
        Assert.Equal([$"writer {winner}"], await ColumnAsync($"select value from params where key = 'winner'"));
        Assert.Equal([$"param {winner}"], await ColumnAsync($"select key from params where key like 'param %'"));
        Assert.Equal([$"metric {winner}"], await ColumnAsync($"select key from metrics"));
        Assert.Equal([$"tag {winner}"], await ColumnAsync($"select key from run_tags where key like 'tag %'"));
    }

    private async Task AssertInvalidAsync(object body)
    {
        var reply = body is string text ? await Client.SendTextAsync(HttpMethod.Post, "runs/log-batch", text) : await Client.PostAsync("runs/log-batch", body);

        Assert.True(reply is { Status: HttpStatusCode.BadRequest, ErrorCode: "INVALID_PARAMETER_VALUE" }, $"{reply.Text} to {body}");
    }

    // Good items of each kind come first.
    private string Batch((string List, string Item) bad)
    {
        string With(string list, string good) => list == bad.List ? $"[{good}, {bad.Item}]" : $"[{good}]";
        return $$"""
            {"run_id": "{{_run}}",
             "metrics": {{With("metrics", """{"key": "good", "value": 1, "timestamp": 1}""")}},
             "params": {{With("params", """{"key": "first", "value": "1"}""")}},
             "tags": {{With("tags", """{"key": "good", "value": "1"}""")}}}
            """;
    }

    private async Task<string> RunAsync(string run) => (await Client.GetAsync("runs/get", ("run_id", run))).Ok()["run"]!.ToJsonString();

    private static object[] Metrics(int count) => [.. Enumerable.Range(0, count).Select(number => new { key = $"metric {number}", value = number, timestamp = 1 })];

    private static object[] Pairs(int count) => [.. Enumerable.Range(0, count).Select(number => new { key = $"key {number}", value = "" })];
}

public sealed class LogBatchOnSqlite() : LogBatchContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LogBatchOnPostgres() : LogBatchContract(Fresh.PostgresAsync);
