using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What applying pipelines promises, whatever the database.</summary>
public abstract class PipelinesContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    private const string Pipelines = $"{Native}pipelines";

    [Promise]
    public async Task Each_text_is_a_version_and_the_same_text_is_none()
    {
        var first = await ApplyAsync(Simple("0.5"));
        var same = await ApplyAsync(Simple("0.5"));
        var second = await ApplyAsync(Simple("0.6"));
        var again = await ApplyAsync(Simple("0.5"));

        Assert.Equal([(1, true), (1, false), (2, true), (3, true)], new[] { first, same, second, again }.Select(applied => (applied["pipeline"]!["version"]!.GetValue<int>(), applied["changed"]!.GetValue<bool>())));
        var shown = await Client.GetAsync($"{Pipelines}/p/versions/2");
        Assert.Equal((Simple("0.6"), false, "\"2\""), (shown.Ok()["text"]!.GetValue<string>(), shown.Ok()["in_force"]!.GetValue<bool>(), shown.Headers.ETag!.ToString()));
        Assert.Equal(3, (await Client.GetAsync($"{Pipelines}/p")).Ok()["version"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Pipelines}/p/versions/4")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Pipelines}/q")).Status);

        // What changed is in the audit log, and what did not is not.
        Assert.Equal(["pipelines/p", "pipelines/p", "pipelines/p"], await ColumnAsync($"select resource from audit where action = 'pipeline.apply' order by seq"));
        var entry = (await Database.ReadAsync(reader => reader.FindAsync($"select entry from audit where action = 'pipeline.apply' order by seq desc limit 1", row => System.Text.Encoding.UTF8.GetString((byte[])row.GetValue(0)), CancellationToken.None), CancellationToken.None))!;
        foreach (var part in new[] { "iris-*", first["pipeline"]!["digest"]!.GetValue<string>(), second["pipeline"]!["digest"]!.GetValue<string>() })
        {
            Assert.Contains(part, entry, StringComparison.Ordinal);
        }
    }

    [Promise]
    public async Task An_edit_of_an_outdated_version_is_refused()
    {
        await ApplyAsync(Simple("0.5"));
        await ApplyAsync(Simple("0.6"));
        using var outdated = Client.With("If-Match", "\"1\"");
        using var current = Client.With("If-Match", "\"2\"");
        using var wrong = Client.With("If-Match", "latest");

        var refused = await outdated.PostAsync(Pipelines, new { text = Simple("0.7") });
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.Status);
        Assert.Contains("at version 2 by now", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await outdated.PostAsync(Pipelines, new { text = Simple("0.6") })).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await outdated.PostAsync(Pipelines, new { text = Simple("0.7"), dry_run = true })).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await outdated.DeleteAsync($"{Pipelines}/p")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await wrong.PostAsync(Pipelines, new { text = Simple("0.7") })).Status);
        Assert.Equal(2, (await Client.GetAsync($"{Pipelines}/p")).Ok()["version"]!.GetValue<int>());

        var edited = await current.PostAsync(Pipelines, new { text = Simple("0.7") });
        Assert.Equal("\"3\"", edited.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await current.PostAsync(Pipelines, new { text = Simple("0.8") })).Status);
        using var unseen = Client.With("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await unseen.PostAsync(Pipelines, new { text = "pipeline: new\nmodels: x\nstages: [{name: A}]" })).Status);
    }

    [Promise]
    public async Task A_pipeline_that_is_taken_away_decides_nothing_and_its_numbers_go_on()
    {
        await CreateModelAsync("iris-a");
        await ApplyAsync(Simple("0.5"));
        var version = await AddVersionAsync("iris-a");
        Assert.False((await CheckAsync("iris-a", version))["met"]!.GetValue<bool>());

        (await Client.DeleteAsync($"{Pipelines}/p")).Ok();
        Assert.True((await CheckAsync("iris-a", version))["met"]!.GetValue<bool>());
        Assert.Empty((await Client.GetAsync(Pipelines)).Ok()["pipelines"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Pipelines}/p")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.DeleteAsync($"{Pipelines}/p")).Status);
        Assert.Equal(Simple("0.5"), (await Client.GetAsync($"{Pipelines}/p/versions/1")).Ok()["text"]!.GetValue<string>());
        Assert.Equal(["done"], await ColumnAsync($"select outcome from audit where action = 'pipeline.delete'"));

        Assert.Equal(2, (await ApplyAsync(Simple("0.5")))["pipeline"]!["version"]!.GetValue<int>());
    }

    [Promise]
    public async Task A_file_with_mistakes_changes_nothing_and_all_of_them_are_told()
    {
        var refused = await Client.PostAsync(Pipelines, new { text = "pipeline: p\nmodels: x\nstages:\n  - name: None\n  - name: Production\n    gates:\n      metrics: {a: {min: .nan}}\n" });

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("line 4: ", refused.Body!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("line 7: ", refused.Body!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync(Pipelines, new { })).Status);
        Assert.Empty(await ColumnAsync($"select name from pipelines"));
    }

    [Promise]
    public async Task Applying_tells_which_versions_it_governs_and_how_they_would_fare_and_moves_none()
    {
        foreach (var model in new[] { "iris-a", "iris-b", "other" })
        {
            await CreateModelAsync(model);
        }

        await MoveAsync("iris-a", await AddVersionAsync("iris-a", ("m", 0.55)), "Production");
        await MoveAsync("iris-a", await AddVersionAsync("iris-a", ("m", 0.9)), "Production");
        await MoveAsync("iris-b", await AddVersionAsync("iris-b"), "Staging");
        await MoveAsync("other", await AddVersionAsync("other"), "Production");
        await AddVersionAsync("iris-b");

        var dry = (await Client.PostAsync(Pipelines, new { text = Simple("0.6"), dry_run = true })).Ok();
        Assert.Equal((1, true, false), (dry["pipeline"]!["version"]!.GetValue<int>(), dry["changed"]!.GetValue<bool>(), dry["pipeline"]!["in_force"]!.GetValue<bool>()));
        Assert.Empty(await ColumnAsync($"select name from pipelines"));
        Assert.Empty(await ColumnAsync($"select seq from audit where action = 'pipeline.apply'"));

        foreach (var reach in new[] { dry["reach"]!, (await ApplyAsync(Simple("0.6")))["reach"]! })
        {
            Assert.Equal(["iris-a", "iris-b"], reach["models"]!.AsArray().Select(model => model!.GetValue<string>()));
            Assert.Equal(
                ["iris-a 1 Production: metric m is 0.55, required at least 0.6", "iris-a 2 Production: ", "iris-b 1 Staging: the pipeline has no stage Staging"],
                reach["versions"]!.AsArray().Select(version => $"{version!["name"]} {version["version"]} {version["stage"]}: {string.Join(';', version["unmet"]!.AsArray())}"));
            Assert.True(reach["complete"]!.GetValue<bool>());
        }

        Assert.Equal(["Production", "Production", "Staging", "None", "Production"], await ColumnAsync($"select stage from model_versions v join registered_models m on m.id = v.model order by m.name, v.version"));
    }

    [Promise]
    public async Task The_pattern_with_the_most_characters_of_its_own_decides_then_the_first_name()
    {
        await CreateModelAsync("iris-large");
        var version = await AddVersionAsync("iris-large");
        foreach (var (name, pattern, winner) in new[] { ("d", "*", "d"), ("c", "iris-*", "c"), ("b", "*-large", "b"), ("a", "i*-large", "a"), ("e", "*s-large", "a"), ("z", "iris-large", "z"), ("y", "iris-large-*", "z") })
        {
            await ApplyAsync($"pipeline: {name}\nmodels: \"{pattern}\"\nstages: [{{name: Production}}]");
            Assert.Equal(winner, (await CheckAsync("iris-large", version))["pipeline"]!.GetValue<string>());
        }

        Assert.Equal(["a", "b", "c", "d", "e", "y", "z"], (await Client.GetAsync(Pipelines)).Ok()["pipelines"]!.AsArray().Select(pipeline => pipeline!["name"]!.GetValue<string>()));
    }

    [Promise]
    public async Task Who_applies_at_once_gets_numbers_one_after_the_other()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => ApplyAsync(Simple($"0.{number + 1}"))));

        Assert.Equal(Enumerable.Range(1, 16), applied.Select(answer => answer["pipeline"]!["version"]!.GetValue<int>()).Order());
        Assert.Equal(16, (await Client.GetAsync($"{Pipelines}/p")).Ok()["version"]!.GetValue<int>());
    }

    private static string Simple(string min) => $"pipeline: p\nmodels: \"iris-*\"\nstages:\n  - name: Production\n    gates: {{metrics: {{m: {{min: {min}}}}}}}\n";
}

public sealed class PipelinesOnSqlite() : PipelinesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PipelinesOnPostgres() : PipelinesContract(Fresh.PostgresAsync);
