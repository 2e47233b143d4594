using System.Net;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>What was made from what, over any number of steps, whatever the database.</summary>
public abstract class LineageContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Lineage_goes_from_data_over_runs_to_versions_and_their_copies_and_back()
    {
        await Client.DataAsync("train@1.0.0");
        var run = await Client.RunAsync();
        await Client.UseAsync(run, "train@1.0.0");
        var version = await Client.RegisterAsync("iris", run);
        var copy = await Client.RegisterAsync("copied", "", "models:/iris/1");

        Assert.Equal(new[] { copy, version, $"runs/{run}" }, await Client.LineageAsync("datasets/train@1.0.0", "down"));
        Assert.Equal(new[] { "datasets/train@1.0.0", version, $"runs/{run}" }, await Client.LineageAsync(copy, "up"));
        Assert.Equal(new[] { "datasets/train@1.0.0", copy, $"runs/{run}" }, await Client.LineageAsync(version, "both"));
        var edges = (await Client.GraphAsync(version, "both"))["edges"]!.AsArray().Select(edge => $"{edge!.Text("from")} {edge!.Text("how")} {edge!.Text("to")}");
        Assert.Equal([$"datasets/train@1.0.0 declared runs/{run}", $"{version} copied {copy}", $"runs/{run} registered {version}"], edges);
    }

    [Promise]
    public async Task A_version_whose_files_a_run_made_comes_from_it_though_it_does_not_say_so()
    {
        var run = await Client.RunAsync();
        (await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/m.bin", new ByteArrayContent([1]))).Ok();

        var version = await Client.RegisterAsync("iris", "", $"mlflow-artifacts:/0/{run}/artifacts/model");

        Assert.Equal([$"runs/{run}"], await Client.LineageAsync(version, "up"));
        Assert.Equal([version], await Client.LineageAsync($"runs/{run}", "down"));
    }

    [Promise]
    public async Task Logged_models_are_made_by_runs_used_by_runs_and_registered()
    {
        await Client.DataAsync("train@1.0.0");
        var (maker, user) = (await Client.RunAsync(), await Client.RunAsync());
        await Client.UseAsync(maker, "train@1.0.0");
        var model = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "m", source_run_id = maker })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.PostAsync("runs/log-inputs", new { run_id = user, models = new[] { new { model_id = model } } })).Ok();
        var tuned = await Client.RegisterAsync("tuned", user);
        (await Client.PostAsync("registered-models/create", new { name = "direct" })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "direct", source = $"models:/{model}", model_id = model })).Ok();

        Assert.Equal(
            new[] { $"logged-models/{model}", "models/direct/versions/1", tuned, $"runs/{maker}", $"runs/{user}" }.Order(StringComparer.Ordinal),
            await Client.LineageAsync("datasets/train@1.0.0", "down"));
        Assert.Contains("datasets/train@1.0.0", await Client.LineageAsync(tuned, "up"));
        Assert.Contains("datasets/train@1.0.0", await Client.LineageAsync($"logged-models/{model}", "up"));
    }

    [Promise]
    public async Task A_model_that_is_deleted_and_made_anew_inherits_nothing()
    {
        await Client.DataAsync("train@1.0.0");
        var run = await Client.RunAsync();
        await Client.UseAsync(run, "train@1.0.0");
        await Client.RegisterAsync("iris", run);
        (await Client.DeleteAsync("registered-models/delete", new { name = "iris" })).Ok();

        var anew = await Client.RegisterAsync("iris", "");

        Assert.Empty(await Client.LineageAsync(anew, "up"));
        Assert.Equal([$"runs/{run}"], await Client.LineageAsync("datasets/train@1.0.0", "down"));
    }

    [Promise]
    public async Task Circles_end()
    {
        var run = await Client.RunAsync();
        var model = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "m", source_run_id = run })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.PostAsync("runs/log-inputs", new { run_id = run, models = new[] { new { model_id = model } } })).Ok();

        Assert.Equal([$"logged-models/{model}"], await Client.LineageAsync($"runs/{run}", "both"));
    }

    [Promise]
    public async Task What_the_caller_may_not_read_is_counted_and_not_named()
    {
        var root = await Client.FoundAsync();
        var ann = await root.AddAsync("ann");
        var bob = await root.AddAsync("bob");
        await ann.DataAsync("secret@1.0.0");
        var experiment = (await ann.PostAsync("experiments/create", new { name = "hers" })).Ok()["experiment_id"]!.GetValue<string>();
        var run = await ann.RunAsync(experiment);
        await ann.UseAsync(run, "secret@1.0.0");
        var version = await ann.RegisterAsync("iris", run);
        (await root.PostAsync($"{Sending.Root}/secret/permissions", new { user = "bob", permission = "NO_PERMISSIONS" })).Ok();
        (await root.PostAsync($"{Crowd.Native}experiments/{experiment}/permissions", new { user = "bob", permission = "NO_PERMISSIONS" })).Ok();

        var seen = await bob.GraphAsync(version, "up");

        Assert.Equal(2, seen.Number("hidden"));
        Assert.DoesNotContain(run, seen.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.GetAsync($"{Crowd.Native}runs/{run}/lineage")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.GetAsync($"{Sending.On("secret", "1.0.0")}/lineage")).Status);
        var own = await bob.RunAsync((await bob.PostAsync("experiments/create", new { name = "his" })).Ok()["experiment_id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.PostAsync($"{Crowd.Native}runs/{own}/datasets", new { dataset = "secret@1.0.0" })).Status);
        await ann.DataAsync("open@1.0.0", "id\n1\n");
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.PostAsync($"{Crowd.Native}runs/{run}/datasets", new { dataset = "open@1.0.0" })).Status);
    }

    [Promise]
    public async Task Wrong_questions_are_told_so()
    {
        var run = await Client.RunAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{Crowd.Native}runs/{run}/lineage?direction=sideways")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Crowd.Native}runs/{new string('0', 32)}/lineage")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Crowd.Native}models/nothing/versions/1/lineage")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Crowd.Native}logged-models/m-none/lineage")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Sending.On("nothing", "1.0.0")}/lineage")).Status);
    }
}

public sealed class LineageOnSqlite() : LineageContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LineageOnPostgres() : LineageContract(Fresh.PostgresAsync);
