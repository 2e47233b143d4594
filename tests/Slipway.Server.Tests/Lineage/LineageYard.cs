using System.Text;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;

namespace Slipway.Server.Tests.Lineage;

/// <summary>Runs, models and data, as clients make and link them.</summary>
internal static class LineageYard
{
    public static async Task<string> RunAsync(this WireClient client, string experiment = "0") =>
        (await client.PostAsync("runs/create", new { experiment_id = experiment, start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();

    public static async Task DataAsync(this WireClient client, string reference, string content = "id,label\n1,a\n2,b\n")
    {
        var parts = reference.Split('@');
        await client.AddAsync(parts[0], parts[1], "data.csv", Encoding.UTF8.GetBytes(content));
    }

    public static async Task UseAsync(this WireClient client, string run, string dataset, object? more = null) =>
        (await client.PostAsync($"{Crowd.Native}runs/{run}/datasets", more ?? new { dataset })).Ok();

    public static async Task ParamAsync(this WireClient client, string run, string key, string value) =>
        (await client.PostAsync("runs/log-parameter", new { run_id = run, key, value })).Ok();

    /// <summary>Logs an input as MLflow's clients do.</summary>
    public static async Task InputAsync(this WireClient client, string run, string name, string digest, params object[] tags) =>
        (await client.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { tags, dataset = new { name, digest, source_type = "local", source = "{}" } } } })).Ok();

    /// <summary>Registers files, of a run or anywhere, and answers the version's resource.</summary>
    public static async Task<string> RegisterAsync(this WireClient client, string model, string run, string? source = null)
    {
        await client.PostAsync("registered-models/create", new { name = model });
        var made = (await client.PostAsync("model-versions/create", new { name = model, source = source ?? "s3://bucket/model", run_id = run })).Ok();
        return $"models/{model}/versions/{made["model_version"]!["version"]!.GetValue<string>()}";
    }

    /// <summary>What lineage says of a resource: the ids of the nodes, without the one that was asked for.</summary>
    public static async Task<List<string>> LineageAsync(this WireClient client, string resource, string direction)
    {
        var lineage = await client.GraphAsync(resource, direction);
        return [.. lineage["nodes"]!.AsArray().Select(node => node!["id"]!.GetValue<string>()).Where(id => id != resource).Order(StringComparer.Ordinal)];
    }

    public static async Task<JsonNode> GraphAsync(this WireClient client, string resource, string direction) =>
        (await client.GetAsync($"{Crowd.Native}{resource.Replace("@", "/versions/", StringComparison.Ordinal)}/lineage", ("direction", direction))).Ok();

    /// <summary>How a run is known to have used each version of a dataset.</summary>
    public static async Task<List<string>> UsesAsync(this WireClient client, string run) =>
    [
        .. (await client.GetAsync($"{Crowd.Native}runs/{run}/datasets")).Ok()["datasets"]!.AsArray()
            .Select(used => $"{used!.Text("name")}@{used!.Text("version")} {string.Join(' ', used!["how"]!.AsArray())}{(used["contradictory"] is null ? "" : " contradictory")}"),
    ];
}
