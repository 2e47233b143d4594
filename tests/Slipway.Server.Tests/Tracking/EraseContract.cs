using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Artifacts;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Tracking;

/// <summary>What is removed for good of what was deleted long ago, and what stays; whatever the database.</summary>
public abstract class EraseContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly string[] OfRuns = ["runs", "metrics", "latest_metrics", "params", "run_tags", "run_datasets", "run_dataset_tags", "run_model_inputs", "run_model_outputs", "run_uses", "run_manifests"];

    private readonly ManualTime _time = new();

    protected override TimeProvider? Clock => _time;

    [Promise]
    public async Task A_run_that_was_deleted_long_ago_is_gone_with_all_that_was_logged_to_it()
    {
        (await Client.SendAsync(HttpMethod.Put, $"{Crowd.Native}datasets/train/versions/1.0.0?path=t.csv", new StringContent("a\n1\n"))).Ok();
        var (gone, stays) = (await LogAsync(), await LogAsync());
        (await Client.PostAsync("runs/delete", new { run_id = gone })).Ok();
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal((0, 0), Counts((await Client.PostAsync($"{Crowd.Native}gc", new { runs = true })).Ok(), "runs", "kept"));
        Assert.Equal((1, 0), Counts(await CollectAsync(), "runs", "kept"));

        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("runs/get", ("run_id", gone))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{ArtifactServer.Proxy}/0/{gone}/artifacts/f.txt")).Status);
        Assert.Equal($"of {stays}", (await Client.GetAsync($"{ArtifactServer.Proxy}/0/{stays}/artifacts/f.txt")).Text);
        Assert.Equal(2, (await Client.GetAsync("metrics/get-history", ("run_id", stays), ("metric_key", "m"))).Ok()["metrics"]!.AsArray().Count);
        foreach (var table in OfRuns)
        {
            Assert.Equal((table, table == "metrics" ? "2" : table == "run_tags" ? "2" : "1"), (table, Assert.Single(await ColumnAsync(table switch
            {
                "runs" => Sql.Of($"select count(*) from runs"),
                "metrics" => Sql.Of($"select count(*) from metrics"),
                "latest_metrics" => Sql.Of($"select count(*) from latest_metrics"),
                "params" => Sql.Of($"select count(*) from params"),
                "run_tags" => Sql.Of($"select count(*) from run_tags"),
                "run_datasets" => Sql.Of($"select count(*) from run_datasets"),
                "run_dataset_tags" => Sql.Of($"select count(*) from run_dataset_tags"),
                "run_model_inputs" => Sql.Of($"select count(*) from run_model_inputs"),
                "run_model_outputs" => Sql.Of($"select count(*) from run_model_outputs"),
                "run_uses" => Sql.Of($"select count(*) from run_uses"),
                _ => Sql.Of($"select count(*) from run_manifests"),
            }))));
        }

        Assert.Equal([$"runs/{gone}"], await ColumnAsync($"select resource from audit where action = 'run.erase'"));
    }

    [Promise]
    public async Task What_was_deleted_lately_or_restored_stays_and_a_dry_run_only_counts()
    {
        var (old, late, restored) = (await LogAsync(), await LogAsync(), await LogAsync());
        (await Client.PostAsync("runs/delete", new { run_id = old })).Ok();
        (await Client.PostAsync("runs/delete", new { run_id = restored })).Ok();
        _time.Advance(TimeSpan.FromHours(2));
        (await Client.PostAsync("runs/delete", new { run_id = late })).Ok();
        (await Client.PostAsync("runs/restore", new { run_id = restored })).Ok();

        Assert.Equal((1, 0), Counts(await CollectAsync(dryRun: true), "runs", "kept"));
        Assert.Equal(3, (await ColumnAsync($"select run_id from runs")).Count);
        Assert.Null((await Client.PostAsync($"{Crowd.Native}gc", new { grace_seconds = 0 })).Ok()["runs"]);
        Assert.Equal(3, (await ColumnAsync($"select run_id from runs")).Count);

        await CollectAsync();
        Assert.Equal(new[] { late, restored }.Order(StringComparer.Ordinal), (await ColumnAsync($"select run_id from runs")).Order(StringComparer.Ordinal));
    }

    [Promise]
    public async Task What_a_model_version_came_from_stays_over_any_number_of_steps()
    {
        var (named, held, made, trained, free) = (await LogAsync(), await LogAsync(), await LogAsync(), await LogAsync(), await LogAsync());
        await CreateModelAsync("m");
        await RegisterAsync(new { name = "m", source = "s3://elsewhere/x", run_id = named });
        await RegisterAsync(new { name = "m", source = $"mlflow-artifacts:/0/{held}/artifacts" });

        // One run made a logged model, another went on from there, and only that was registered.
        var logged = await LogModelAsync(made);
        (await Client.PostAsync("runs/log-inputs", new { run_id = trained, models = new[] { new { model_id = logged } } })).Ok();
        await RegisterAsync(new { name = "m", source = "s3://elsewhere/y", run_id = trained });
        var lonely = await LogModelAsync(free);
        foreach (var run in new[] { named, held, made, trained, free })
        {
            (await Client.PostAsync("runs/delete", new { run_id = run })).Ok();
        }

        foreach (var model in new[] { logged, lonely })
        {
            (await Client.DeleteAsync($"logged-models/{model}")).Ok();
        }

        _time.Advance(TimeSpan.FromHours(2));
        var done = await CollectAsync();

        Assert.Equal((1, 1), Counts(done, "runs", "logged_models"));
        Assert.Equal(5, done["kept"]!.GetValue<long>());
        Assert.Equal(new[] { named, held, made, trained }.Order(StringComparer.Ordinal), (await ColumnAsync($"select run_id from runs")).Order(StringComparer.Ordinal));
        Assert.Equal([logged], await ColumnAsync($"select model_id from logged_models"));
        Assert.Equal($"of {held}", (await Client.GetAsync("/model-versions/get-artifact", ("name", "m"), ("version", "2"), ("path", "f.txt"))).Text);
    }

    [Promise]
    public async Task What_a_deleted_version_had_that_once_was_in_a_stage_stays()
    {
        var (was, never) = (await LogAsync(), await LogAsync());
        await CreateModelAsync("m");
        foreach (var run in new[] { was, never })
        {
            await RegisterAsync(new { name = "m", source = $"mlflow-artifacts:/0/{run}/artifacts", run_id = run });
        }

        (await Client.PostAsync("model-versions/transition-stage", new { name = "m", version = "1", stage = "Production" })).Ok();
        foreach (var (run, version) in new[] { (was, "1"), (never, "2") })
        {
            (await Client.DeleteAsync("model-versions/delete", new { name = "m", version })).Ok();
            (await Client.PostAsync("runs/delete", new { run_id = run })).Ok();
        }

        _time.Advance(TimeSpan.FromHours(2));
        await CollectAsync();

        Assert.Equal([was], await ColumnAsync($"select run_id from runs"));
    }

    [Promise]
    public async Task An_experiment_goes_once_nothing_is_left_of_it()
    {
        var (empty, full) = (await CreateExperimentAsync("empty"), await CreateExperimentAsync("full"));
        await CreateRunAsync(empty);
        (await Client.PostAsync("logged-models", new { experiment_id = empty, name = "l" })).Ok();
        await CreateModelAsync("m");
        await RegisterAsync(new { name = "m", source = "s3://elsewhere/x", run_id = await CreateRunAsync(full) });
        foreach (var experiment in new[] { empty, full })
        {
            (await Client.PostAsync("experiments/delete", new { experiment_id = experiment })).Ok();
        }

        _time.Advance(TimeSpan.FromHours(2));
        var done = await CollectAsync();

        Assert.Equal((1, 1), Counts(done, "runs", "experiments"));
        Assert.Equal(["0", full], await ColumnAsync($"select id from experiments order by id"));
        Assert.NotEqual(empty, await CreateExperimentAsync("empty"));
        Assert.Equal(["experiment.erase", "logged-model.erase", "run.erase"], await ColumnAsync($"select action from audit where action like '%.erase' order by action"));
    }

    [Promise]
    public async Task It_takes_an_admin()
    {
        var root = await Client.FoundAsync();
        var ann = await root.AddAsync("ann");

        Assert.Equal(HttpStatusCode.Forbidden, (await ann.PostAsync($"{Crowd.Native}gc", new { runs = true })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await root.PostAsync($"{Crowd.Native}gc", new { runs = true, older_than_seconds = -1 })).Status);
    }

    private static (long, long) Counts(JsonNode done, string one, string other) => (done[one]!.GetValue<long>(), done[other]!.GetValue<long>());

    private async Task<JsonNode> CollectAsync(bool dryRun = false) => (await Client.PostAsync($"{Crowd.Native}gc", new { runs = true, dry_run = dryRun, older_than_seconds = 3600 })).Ok();

    private async Task RegisterAsync(object version) => (await Client.PostAsync("model-versions/create", version)).Ok();

    private async Task<string> CreateExperimentAsync(string name) => (await Client.PostAsync("experiments/create", new { name })).Ok()["experiment_id"]!.GetValue<string>();

    private async Task<string> LogModelAsync(string run) =>
        (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "l", source_run_id = run })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();

    /// <summary>A run with something in each table.</summary>
    private async Task<string> LogAsync()
    {
        var run = await CreateRunAsync();
        (await Client.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new[] { new { key = "m", value = 1.0, timestamp = 1, step = 1 }, new { key = "m", value = 2.0, timestamp = 2, step = 2 } },
            @params = new[] { new { key = "p", value = "v" } },
            tags = new[] { new { key = "t", value = "v" } },
        })).Ok();
        (await Client.PostAsync("runs/log-inputs", new
        {
            run_id = run,
            datasets = new[] { new { tags = new[] { new { key = "k", value = "v" } }, dataset = new { name = "d", digest = "1234", source_type = "s", source = "s" } } },
            models = new[] { new { model_id = "m-none" } },
        })).Ok();
        (await Client.PostAsync("runs/outputs", new { run_id = run, models = new[] { new { model_id = "m-none", step = 1 } } })).Ok();
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/0/{run}/artifacts/f.txt", new StringContent($"of {run}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/0/{run}/artifacts/data/dataset_manifest.json", new StringContent("""{"name": "x"}"""))).Status);
        if ((await Client.GetAsync($"{Crowd.Native}datasets/train")).Status == HttpStatusCode.OK)
        {
            (await Client.PostAsync($"{Crowd.Native}runs/{run}/datasets", new { dataset = "train@1.0.0" })).Ok();
        }

        return run;
    }
}

public sealed class EraseOnSqlite() : EraseContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class EraseOnPostgres() : EraseContract(Fresh.PostgresAsync);
