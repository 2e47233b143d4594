using System.Globalization;
using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Limits;

/// <summary>What is as long as it may be is taken, also in letters of four bytes; what is longer is refused, never a 5xx.</summary>
public abstract class LimitContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private string _run = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await CreateRunAsync();
        await CreateModelAsync("iris");
    }

    [Promise]
    public async Task The_longest_names_and_keys_are_taken()
    {
        var key = Letters(250);
        (await Client.PostAsync("experiments/create", new { name = Letters(500), tags = new[] { new { key, value = Letters(9000) } } })).Ok();
        (await Client.PostAsync("registered-models/create", new { name = Letters(256), tags = new[] { new { key, value = Letters(100_000) } } })).Ok();
        (await Client.PostAsync("runs/log-batch", new
        {
            run_id = _run,
            metrics = new[] { new { key, value = 1.0, timestamp = 1 } },
            @params = new[] { new { key, value = Letters(7000) } },
            tags = new[] { new { key, value = Letters(9000) } },
        })).Ok();
        (await Client.PostAsync("runs/log-inputs", new
        {
            run_id = _run,
            datasets = new[] { new { dataset = new { name = Letters(500), digest = Letters(36), source_type = "code", source = Letters(65535) }, tags = new[] { new { key = Letters(255), value = Letters(500) } } } },
            models = new[] { new { model_id = Letters(256) } },
        })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://b/" + Letters(5000), run_id = Letters(256), description = Letters(100_000) })).Ok();
        (await Client.PostAsync("registered-models/alias", new { name = "iris", alias = new string('é', 255), version = "1" })).Ok();
    }

    [Promise]
    public async Task What_is_longer_is_refused()
    {
        var metric = new { run_id = _run, key = "m", value = 1, timestamp = 1, model_id = "m-1", dataset_name = Letters(501), dataset_digest = "d" };
        var version = new { name = "iris", source = "s3://b/x", run_id = Letters(257) };
        await RefusedAsync("experiments/create", new { name = "e", tags = new[] { new { key = Letters(251), value = "" } } });
        await RefusedAsync("registered-models/create", new { name = Letters(257) });
        await RefusedAsync("runs/log-metric", metric);
        await RefusedAsync("runs/outputs", new { run_id = _run, models = new[] { new { model_id = Letters(257) } } });
        await RefusedAsync("model-versions/create", version);
        await RefusedAsync("registered-models/alias", new { name = "iris", alias = new string('é', 256), version = "1" });
    }

    [Promise]
    public async Task A_text_that_no_database_keeps_is_refused()
    {
        foreach (var text in new[] { "a\\u0000b", "a\\ud800b" })
        {
            var reply = await Client.SendTextAsync(HttpMethod.Post, "runs/set-tag", $$"""{"run_id": "{{_run}}", "key": "k", "value": "{{text}}"}""");

            Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (reply.Status, reply.ErrorCode));
        }
    }

    [Promise]
    public async Task A_search_may_name_more_experiments_than_a_statement_takes_parameters()
    {
        var ids = Enumerable.Range(0, 40_000).Select(id => id.ToString(CultureInfo.InvariantCulture));

        var reply = await Client.PostAsync("runs/search", new { experiment_ids = ids, order_by = new[] { "metrics.m DESC" } });

        Assert.Equal(_run, Assert.Single(reply.Ok()["runs"]!.AsArray())!["info"]!["run_id"]!.GetValue<string>());
    }

    // Each takes four bytes, and an index row takes 2700.
    private static string Letters(int count) => string.Concat(Enumerable.Repeat("\U00010330", count));

    private async Task RefusedAsync(string path, object body)
    {
        var reply = await Client.PostAsync(path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (reply.Status, reply.ErrorCode));
    }
}

public sealed class LimitsOnSqlite() : LimitContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LimitsOnPostgres() : LimitContract(Fresh.PostgresAsync);
