using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Content;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>How the data of a run is recognised, whatever the database.</summary>
public abstract class DataUseContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Table = "id,label\n1,a\n2,b\n";

    private static readonly string Digest = Samples.Sha256(Encoding.UTF8.GetBytes(Table));

    private string _run = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await Client.RunAsync();
    }

    [Promise]
    public async Task A_run_says_what_it_uses_through_the_native_api()
    {
        await Client.DataAsync("train@1.0.0", Table);

        await Client.UseAsync(_run, "", new { dataset = "train@latest", context = "training" });
        await Client.UseAsync(_run, "", new { dataset = "train@1.0.0", context = "tuning" });

        Assert.Equal(["train@1.0.0 declared"], await Client.UsesAsync(_run));
        var used = (await Client.GetAsync($"{Crowd.Native}runs/{_run}/datasets")).Ok()["datasets"]![0]!;
        Assert.Equal(("tuning", Digest), (used.Text("context"), used.Text("byte_digest")));
        Assert.Equal([$"runs/{_run}"], await Client.LineageAsync("datasets/train@1.0.0", "down"));
        Assert.Equal(["datasets/train@1.0.0"], await Client.LineageAsync($"runs/{_run}", "up"));
    }

    [Promise]
    public async Task An_input_of_mlflow_is_recognised_by_the_beginning_of_a_digest()
    {
        await Client.DataAsync("train@1.0.0", Table);
        await Client.InputAsync(_run, "frame", Digest[..16].ToUpperInvariant());
        await Client.InputAsync(_run, "other", Digest[..15]);
        await Client.InputAsync(_run, "train", "1f9a8b7c");

        Assert.Equal(["train@1.0.0 input"], await Client.UsesAsync(_run));
        Assert.Equal([$"runs/{_run}"], await Client.LineageAsync("datasets/train@1.0.0", "down"));
    }

    [Promise]
    public async Task An_input_of_mlflow_is_recognised_by_the_table_digest_whatever_the_formatting()
    {
        await Client.DataAsync("train@1.0.0", "id,label\r\n1,\"a\"\r\n2,b\r\n");
        var digest = (await Client.VersionAsync("train", "1.0.0")).Text("table_digest")!;

        await Client.InputAsync(_run, "frame", digest[..32]);

        Assert.Equal(["train@1.0.0 input"], await Client.UsesAsync(_run));
        Assert.Equal([$"runs/{_run}"], await Client.LineageAsync("datasets/train@1.0.0", "down"));
    }

    [Promise]
    public async Task An_input_of_mlflow_is_recognised_by_name_and_version_wherever_they_stand()
    {
        await Client.DataAsync("train@1.0.0", Table);
        await Client.DataAsync("test@1.0.0", Table + "3,c\n");
        await Client.DataAsync("eval@1.0.0", Table + "4,d\n");

        await Client.InputAsync(_run, "train@1.0.0", "1f9a8b7c");
        await Client.InputAsync(_run, "test", "1.0.0");
        await Client.InputAsync(_run, "eval", "00000000", new { key = "dataset_version", value = "1.0.0" });

        Assert.Equal(["eval@1.0.0 input", "test@1.0.0 input", "train@1.0.0 input"], await Client.UsesAsync(_run));
        foreach (var name in new[] { "train", "test", "eval" })
        {
            Assert.Equal([$"runs/{_run}"], await Client.LineageAsync($"datasets/{name}@1.0.0", "down"));
        }
    }

    [Promise]
    public async Task Data_that_is_added_after_the_run_is_recognised_all_the_same()
    {
        await Client.InputAsync(_run, "frame", Digest[..16]);
        Assert.Empty(await Client.UsesAsync(_run));

        await Client.DataAsync("train@1.0.0", Table);

        Assert.Equal(["train@1.0.0 input"], await Client.UsesAsync(_run));
    }

    [Promise]
    public async Task Params_are_recognised_as_courses_log_them()
    {
        await Client.DataAsync("train@1.0.0", Table);
        await Client.ParamAsync(_run, "dataset_name", "train");
        await Client.ParamAsync(_run, "dataset_version", "1.0.0");
        await Client.ParamAsync(_run, "dataset_hash", Digest[..16]);
        var byHash = await Client.RunAsync();
        await Client.ParamAsync(byHash, "dataset_hash", Digest);

        Assert.Equal(["train@1.0.0 params"], await Client.UsesAsync(_run));
        Assert.Equal(["train@1.0.0 params"], await Client.UsesAsync(byHash));
        Assert.Equal(new[] { $"runs/{_run}", $"runs/{byHash}" }.Order(StringComparer.Ordinal), await Client.LineageAsync("datasets/train@1.0.0", "down"));
    }

    [Promise]
    public async Task The_manifest_among_the_artifacts_is_recognised_and_what_replaces_it()
    {
        await Client.DataAsync("train@1.0.0", Table);
        await Client.DataAsync("train@2.0.0", Table + "3,c\n");

        await ManifestAsync("""{"name": "train", "version": "1.0.0", "hash": "0", "num_samples": 2}""");
        Assert.Equal(["train@1.0.0 manifest"], await Client.UsesAsync(_run));
        await ManifestAsync("""{"name": "train", "version": "2.0.0"}""");
        Assert.Equal(["train@2.0.0 manifest"], await Client.UsesAsync(_run));
        Assert.Empty(await Client.LineageAsync("datasets/train@1.0.0", "down"));
        foreach (var strange in new[] { "no json", "[]", """{"name": 7, "version": {}}""", "", "{\"name\":\"" + new string('x', 70_000) + "\"}" })
        {
            await ManifestAsync(strange);
            Assert.Empty(await Client.UsesAsync(_run));
        }
    }

    [Promise]
    public async Task The_server_writes_the_manifest_when_asked()
    {
        await Client.DataAsync("train@1.0.0", Table);

        await Client.UseAsync(_run, "", new { dataset = "train@1.0.0", manifest = true });

        Assert.Equal(["train@1.0.0 declared manifest"], await Client.UsesAsync(_run));
        var manifest = JsonNode.Parse((await Client.GetAsync($"/get-artifact?run_id={_run}&path=data/dataset_manifest.json")).Text)!;
        Assert.Equal(("train", "1.0.0", Digest[..16], 2, 2), (manifest.Text("name"), manifest.Text("version"), manifest.Text("hash"), manifest.Number("num_samples"), manifest.Number("num_features")));
    }

    [Promise]
    public async Task A_name_with_the_digest_of_other_content_is_shown_as_a_contradiction()
    {
        await Client.DataAsync("train@1.0.0", Table);
        await Client.DataAsync("train@2.0.0", Table + "3,c\n");
        await Client.ParamAsync(_run, "dataset_name", "train");
        await Client.ParamAsync(_run, "dataset_version", "2.0.0");
        await Client.ParamAsync(_run, "dataset_hash", Digest[..16]);

        Assert.Equal(["train@1.0.0 params", "train@2.0.0 params contradictory"], await Client.UsesAsync(_run));
        Assert.Equal([$"runs/{_run}"], await Client.LineageAsync("datasets/train@2.0.0", "down"));
    }

    [Promise]
    public async Task Content_under_two_names_is_that_of_the_name_that_was_said()
    {
        await Client.DataAsync("one@1.0.0", Table);
        await Client.DataAsync("two@1.0.0", Table);
        await Client.InputAsync(_run, "two", Digest[..16]);
        var unnamed = await Client.RunAsync();
        await Client.InputAsync(unnamed, "frame", Digest[..16]);

        Assert.Equal(["two@1.0.0 input"], await Client.UsesAsync(_run));
        Assert.Equal(["one@1.0.0 input", "two@1.0.0 input"], await Client.UsesAsync(unnamed));
        Assert.Equal([$"runs/{unnamed}"], await Client.LineageAsync("datasets/one@1.0.0", "down"));
    }

    [Promise]
    public async Task What_can_not_be_used_is_refused()
    {
        await Client.DataAsync("train@1.0.0", Table);

        async Task<(HttpStatusCode, string)> TryAsync(string run, object body)
        {
            var reply = await Client.PostAsync($"{Crowd.Native}runs/{run}/datasets", body);
            return (reply.Status, reply.Problem().Detail);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await TryAsync(_run, new { })).Item1);
        Assert.Equal(HttpStatusCode.BadRequest, (await TryAsync(_run, new { dataset = "train" })).Item1);
        Assert.Equal(HttpStatusCode.NotFound, (await TryAsync(_run, new { dataset = "train@9.0.0" })).Item1);
        Assert.Equal(HttpStatusCode.NotFound, (await TryAsync("0123456789abcdef0123456789abcdef", new { dataset = "train@1.0.0" })).Item1);
        Assert.Equal(HttpStatusCode.BadRequest, (await TryAsync(_run, new { dataset = "train@1.0.0", context = new string('x', 300) })).Item1);
        (await Client.PostAsync("runs/delete", new { run_id = _run })).Ok();
        Assert.Contains("Restore it first", (await TryAsync(_run, new { dataset = "train@1.0.0" })).Item2, StringComparison.Ordinal);
    }

    private async Task ManifestAsync(string text) =>
        (await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{_run}/artifacts/data/dataset_manifest.json", new ByteArrayContent(Encoding.UTF8.GetBytes(text)))).Ok();
}

public sealed class DataUseOnSqlite() : DataUseContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DataUseOnPostgres() : DataUseContract(Fresh.PostgresAsync);
