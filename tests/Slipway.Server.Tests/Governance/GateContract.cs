using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What tests of gates have in common: a pipeline, versions with evidence, and a clock that stands still.</summary>
public abstract class GateContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    protected const string Native = "/api/slipway/v1/";

    protected ManualTime Time { get; } = new();

    protected override TimeProvider? Clock => Time;

    protected async Task<JsonNode> ApplyAsync(string text) => (await Client.PostAsync($"{Native}pipelines", new { text })).Ok();

    /// <summary>A pipeline of one stage with these gates, for all models.</summary>
    protected Task<JsonNode> GateAsync(string gates) => ApplyAsync($"pipeline: p\nmodels: \"*\"\nstages:\n  - name: Production\n    gates: {gates}");

    /// <summary>A version whose files a run of its own made.</summary>
    protected async Task<string> AddVersionAsync(string model, params (string Metric, double Value)[] metrics)
    {
        var run = await AddRunAsync(metrics);
        return await RegisterAsync(model, run, run);
    }

    protected async Task<string> AddRunAsync(params (string Metric, double Value)[] metrics)
    {
        var run = await CreateRunAsync();
        foreach (var (key, value) in metrics)
        {
            await LogAsync(run, key, value);
        }

        await UploadAsync(run, "weights");
        return run;
    }

    protected async Task LogAsync(string run, string key, double value) =>
        (await Client.PostAsync("runs/log-metric", new { run_id = run, key, value = double.IsNaN(value) ? (object)"NaN" : value, timestamp = 1, step = (await ColumnAsync($"select count(*) from metrics"))[0] })).Ok();

    protected async Task UploadAsync(string run, string content) =>
        (await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/model.bin", new ByteArrayContent(Encoding.UTF8.GetBytes(content)))).Ok();

    /// <summary>Registers the files of one run in the name of another.</summary>
    protected async Task<string> RegisterAsync(string model, string filesOf, string runId, string? source = null) =>
        (await Client.PostAsync("model-versions/create", new { name = model, source = source ?? $"mlflow-artifacts:/0/{filesOf}/artifacts/model", run_id = runId }))
            .Ok()["model_version"]!["version"]!.GetValue<string>();

    protected async Task TagAsync(string model, string version, string key, string value) =>
        (await Client.PostAsync("model-versions/set-tag", new { name = model, version, key, value })).Ok();

    protected async Task MoveAsync(string model, string version, string stage) =>
        (await Client.PostAsync("model-versions/transition-stage", new { name = model, version, stage })).Ok();

    /// <summary>Puts a version into a stage past its gates, as it may have come there before the pipeline was applied.</summary>
    protected async Task PutAsync(string model, string version, string stage)
    {
        await using var changes = new Changes(Database, [], Time);
        await changes.MakeAsync(new Actor("test", "none", null), new PutInStage(model, long.Parse(version, CultureInfo.InvariantCulture), stage), CancellationToken.None);
    }

    /// <summary>Changes a version's file behind the server's back.</summary>
    protected Task AlterAsync(string run, string? content) => AlterFileAsync($"0/{run}/artifacts/model/model.bin", content);

    protected async Task<JsonNode> TestAsync(string model, string version, object test) =>
        (await Client.PostAsync($"{Native}models/{model}/versions/{version}/tests", test)).Ok()["test"]!;

    protected async Task<JsonNode> CheckAsync(string model, string version, string stage = "Production") =>
        (await Client.GetAsync($"{Native}models/{model}/versions/{version}/check", ("stage", stage))).Ok();

    /// <summary>What one gate of a check says.</summary>
    protected static JsonNode Gate(JsonNode check, string gate) => Assert.Single(check["gates"]!.AsArray(), result => result!["gate"]!.GetValue<string>() == gate)!;

    protected static bool IsMet(JsonNode result) => result["met"]!.GetValue<bool>();

    protected static string Measured(JsonNode result) => result["measured"]!.GetValue<string>();

    protected static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes what no endpoint of this part writes.</summary>
    protected async Task WriteAsync(params Sql[] statements)
    {
        await using var ingest = new Ingest(Database, TimeProvider.System);
        await ingest.WriteAsync(async (writer, cancellationToken) =>
        {
            foreach (var statement in statements)
            {
                await writer.ExecuteAsync(statement, cancellationToken);
            }

            return true;
        }, null, CancellationToken.None);
    }
}
