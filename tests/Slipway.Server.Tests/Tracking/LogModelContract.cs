using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Tracking;

/// <summary>What the notes of old clients about the models of a run promise, whatever the database.</summary>
public abstract class LogModelContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Each_model_joins_those_before_it_however_deep_it_is()
    {
        var run = await CreateRunAsync();
        for (var i = 0; i < 3; i++)
        {
            var deep = $"{string.Concat(Enumerable.Repeat("[", 63))}{new string(']', 63)}";
            var model = $$"""{"artifact_path": "model {{i}}", "flavors": {{deep}}, "utc_time_created": "now", "run_id": "{{run}}"}""";
            (await Client.PostAsync("runs/log-model", new { run_id = run, model_json = model })).Ok();
        }

        Assert.Equal(["model 0", "model 1", "model 2"], await HistoryAsync(run));
    }

    [Promise]
    public async Task Models_that_are_noted_at_once_all_stay()
    {
        var run = await CreateRunAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
            (await Client.PostAsync("runs/log-model", new { run_id = run, model_json = $$"""{"artifact_path": "model {{number}}", "flavors": {}, "utc_time_created": "now", "run_id": "{{run}}"}""" })).Ok()));

        Assert.Equal(Enumerable.Range(0, 16).Select(number => $"model {number}").Order(StringComparer.Ordinal), (await HistoryAsync(run)).Order(StringComparer.Ordinal));
    }

    private async Task<List<string>> HistoryAsync(string run)
    {
        var tags = (await Client.GetAsync("runs/get", ("run_id", run))).Ok()["run"]!["data"]!["tags"]!.AsArray();
        var history = tags.Single(tag => tag!["key"]!.GetValue<string>() == "mlflow.log-model.history")!["value"]!.GetValue<string>();
        return [.. JsonNode.Parse(history, documentOptions: new() { MaxDepth = 100 })!.AsArray().Select(model => model!["artifact_path"]!.GetValue<string>())];
    }
}

public sealed class LogModelOnSqlite() : LogModelContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LogModelOnPostgres() : LogModelContract(Fresh.PostgresAsync);
