using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts.Buckets;

/// <summary>What the server promises of artifacts that clients write to a bucket past it, whatever the database.</summary>
[Needs("s3")]
public abstract class BucketContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private BucketServer _bucket = null!;

    private WireClient Client => _bucket.Client;

    public async Task InitializeAsync() => _bucket = await BucketServer.StartAsync(freshDatabase);

    public async Task DisposeAsync() => await _bucket.DisposeAsync();

    [Promise]
    public async Task Experiments_runs_and_logged_models_have_their_places_in_the_bucket()
    {
        var experiment = (await Client.PostAsync("experiments/create", new { name = "e" })).Ok()["experiment_id"]!.GetValue<string>();
        var made = (await Client.GetAsync("experiments/get", ("experiment_id", experiment))).Ok()["experiment"]!["artifact_location"]!.GetValue<string>();
        var (id, uri) = await BucketServer.CreateRunAsync(Client, experiment);
        var (_, first) = await BucketServer.CreateRunAsync(Client);
        var logged = (await Client.PostAsync("logged-models", new { experiment_id = experiment, name = "m", source_run_id = id })).Ok()["model"]!["info"]!;

        Assert.Equal($"{_bucket.Root}/{experiment}", made);
        Assert.Equal($"{made}/{id}/artifacts", uri);
        Assert.StartsWith($"{_bucket.Root}/0/", first, StringComparison.Ordinal);
        Assert.Equal($"{made}/models/{logged["model_id"]}/artifacts", logged["artifact_uri"]!.GetValue<string>());
    }

    [Promise]
    public async Task What_clients_write_is_listed_and_read_whole_and_in_ranges()
    {
        var (id, uri) = await BucketServer.CreateRunAsync(Client);
        var bytes = Samples.Random(1, 300_000);
        await _bucket.PutAsync($"{uri}/model/weights.bin", bytes);
        await _bucket.PutAsync($"{uri}/model/empty", []);
        await _bucket.PutAsync($"{uri}/a ü+.txt", "x"u8.ToArray());

        Assert.Equal(["a ü+.txt 1", "model/"], await ListAsync(id, null));
        Assert.Equal(["model/empty 0", "model/weights.bin 300000"], await ListAsync(id, "model"));
        Assert.Equal([], await ListAsync(id, "nothing"));
        Assert.Equal(bytes, await ReadAsync(id, "model/weights.bin"));
        Assert.Empty(await ReadAsync(id, "model/empty"));
        Assert.Equal("x", Encoding.UTF8.GetString(await ReadAsync(id, "a ü+.txt")));
        Assert.Equal(bytes[100_000..200_001], await ReadAsync(id, "model/weights.bin", new RangeHeaderValue(100_000, 200_000)));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/get-artifact", ("run_id", id), ("path", "model/none"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/get-artifact", ("run_id", id), ("path", "../x"))).Status);
    }

    [Promise]
    public async Task Nothing_but_the_root_is_ever_read()
    {
        await _bucket.PutAsync($"s3://{S3Server.Bucket}/elsewhere/{_bucket.Place.Prefix}secret", "secret"u8.ToArray());
        foreach (var location in new[] { $"s3://{S3Server.Bucket}/elsewhere/{_bucket.Place.Prefix}", $"{_bucket.Root}x", "s3://other/x", $"S3://{S3Server.Bucket}/{_bucket.Place.Prefix}own", $"http://{_bucket.Place.Endpoint}/x" })
        {
            var made = await Client.PostAsync("experiments/create", new { name = location, artifact_location = location });
            var (id, _) = await BucketServer.CreateRunAsync(Client, made.Ok()["experiment_id"]!.GetValue<string>());

            Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("artifacts/list", ("run_id", id))).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/get-artifact", ("run_id", id), ("path", "secret"))).Status);
        }

        (await Client.PostAsync("registered-models/create", new { name = "m" })).Ok();
        var source = $"s3://{S3Server.Bucket}/elsewhere/{_bucket.Place.Prefix}";
        (await Client.PostAsync("model-versions/create", new { name = "m", source })).Ok();
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/model-versions/get-artifact", ("name", "m"), ("version", "1"), ("path", "secret"))).Status);
    }

    [Promise]
    public async Task An_experiment_s_location_is_no_other_s_folder()
    {
        foreach (var location in new[] { _bucket.Root, _bucket.Root + "/", $"{_bucket.Root}/0", $"{_bucket.Root}/7/x", $"{_bucket.Root}/a/../0", $"{_bucket.Root}//0", $"{_bucket.Root}/a?b" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync("experiments/create", new { name = location, artifact_location = location })).Status);
        }

        var made = (await Client.PostAsync("experiments/create", new { name = "own", artifact_location = $"{_bucket.Root}/team/own" })).Ok();
        var (id, uri) = await BucketServer.CreateRunAsync(Client, made["experiment_id"]!.GetValue<string>());
        await _bucket.PutAsync($"{uri}/x", "x"u8.ToArray());
        Assert.Equal(["x 1"], await ListAsync(id, null));
    }

    [Promise]
    public async Task What_goes_through_the_server_lands_in_the_bucket()
    {
        var (id, uri) = await BucketServer.CreateRunAsync(Client);
        var upload = $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={id}&path=notes/n.txt";

        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Post, upload, new StringContent("seen"))).Status);

        Assert.Equal("seen", Encoding.UTF8.GetString(await _bucket.ReadAsync($"{uri}/notes/n.txt")));
        Assert.Equal(["notes/n.txt 4"], await ListAsync(id, "notes"));
    }

    [Promise]
    public async Task A_model_s_files_are_known_for_what_they_were_when_it_was_registered()
    {
        var (id, uri) = await BucketServer.CreateRunAsync(Client);
        await _bucket.PutAsync($"{uri}/model/MLmodel", "flavors: {}"u8.ToArray());
        await _bucket.PutAsync($"{uri}/model/data/w.bin", Samples.Random(2, 100_000));
        (await Client.PostAsync("registered-models/create", new { name = "m" })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "m", source = $"{uri}/model", run_id = id })).Ok();

        Assert.Equal(
            [$"MLmodel {Samples.Sha256("flavors: {}"u8.ToArray())}", $"data/w.bin {Samples.Sha256(Samples.Random(2, 100_000))}"],
            await _bucket.Server.Database.ReadAsync(reader => reader.ListAsync($"select path, sha256 from version_files order by path", row => $"{row.GetString(0)} {row.GetString(1)}", CancellationToken.None), CancellationToken.None));
        Assert.Equal("flavors: {}", (await Client.GetAsync("/model-versions/get-artifact", ("name", "m"), ("version", "1"), ("path", "MLmodel"))).Text);

        await _bucket.PutAsync($"{uri}/model/data/w.bin", Samples.Random(3, 100_000));
        var swapped = await Client.GetAsync("/model-versions/get-artifact", ("name", "m"), ("version", "1"), ("path", "data/w.bin"));
        Assert.Equal(HttpStatusCode.InternalServerError, swapped.Status);
        Assert.Contains($"'{uri}/model/data/w.bin'", swapped.Message, StringComparison.Ordinal);
        Assert.Contains("was replaced after version 1 of 'm' was registered", swapped.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_name_that_can_t_be_told_keeps_a_model_from_being_registered()
    {
        var (_, uri) = await BucketServer.CreateRunAsync(Client);
        await _bucket.PutAsync($"{uri}/model/fine", "x"u8.ToArray());
        await _bucket.PutAsync($"{uri}/model/a%2f..%2fb", "x"u8.ToArray());
        (await Client.PostAsync("registered-models/create", new { name = "m" })).Ok();

        var reply = await Client.PostAsync("model-versions/create", new { name = "m", source = $"{uri}/model" });

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("a%2f..%2fb'", reply.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_manifest_that_a_client_wrote_is_read_when_the_run_ends()
    {
        var native = Identity.Crowd.Native;
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, $"{native}datasets/train/versions/1.0.0?path=t.csv", new StringContent("a,b\n1,2\n"))).Status);
        var (ended, uri) = await BucketServer.CreateRunAsync(Client);
        var (asked, other) = await BucketServer.CreateRunAsync(Client);
        foreach (var place in new[] { uri, other })
        {
            await _bucket.PutAsync($"{place}/data/dataset_manifest.json", """{"name": "train", "version": "1.0.0"}"""u8.ToArray());
        }

        (await Client.PostAsync("runs/update", new { run_id = ended, status = "FINISHED", end_time = 2 })).Ok();

        var used = (await Client.GetAsync($"{native}datasets/train/versions/1.0.0/lineage")).Ok().ToJsonString();
        Assert.Contains(ended, used, StringComparison.Ordinal);
        Assert.DoesNotContain(asked, used, StringComparison.Ordinal);
        Assert.Contains("train", (await Client.GetAsync($"{native}runs/{asked}/datasets")).Ok().ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(asked, (await Client.GetAsync($"{native}datasets/train/versions/1.0.0/lineage")).Ok().ToJsonString(), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_deleted_run_is_removed_there_too_and_no_other()
    {
        var (gone, uri) = await BucketServer.CreateRunAsync(Client);
        var (stays, other) = await BucketServer.CreateRunAsync(Client);
        var (source, registered) = await BucketServer.CreateRunAsync(Client);
        foreach (var place in new[] { uri, other, registered })
        {
            await _bucket.PutAsync($"{place}/a/x", "x"u8.ToArray());
        }

        (await Client.PostAsync("registered-models/create", new { name = "m" })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "m", source = $"{registered}/a" })).Ok();
        (await Client.PostAsync("runs/delete", new { run_id = gone })).Ok();
        (await Client.PostAsync("runs/delete", new { run_id = source })).Ok();

        var done = (await Client.PostAsync($"{Identity.Crowd.Native}gc", new { runs = true, older_than_seconds = 0 })).Ok();

        Assert.Equal((1, 1), (done["runs"]!.GetValue<int>(), done["kept"]!.GetValue<int>()));
        await Assert.ThrowsAsync<Amazon.S3.AmazonS3Exception>(() => _bucket.ReadAsync($"{uri}/a/x"));
        Assert.Equal(["a/x 1"], await ListAsync(stays, "a"));
        Assert.Equal(["a/x 1"], await ListAsync(source, "a"));
    }

    [Promise]
    public async Task The_server_writes_a_manifest_there_too()
    {
        var native = Identity.Crowd.Native;
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, $"{native}datasets/train/versions/1.0.0?path=t.csv", new StringContent("a,b\n1,2\n"))).Status);
        var (id, uri) = await BucketServer.CreateRunAsync(Client);

        (await Client.PostAsync($"{native}runs/{id}/datasets", new { dataset = "train@1.0.0", manifest = true })).Ok();

        Assert.Equal("train", JsonNode.Parse(await _bucket.ReadAsync($"{uri}/data/dataset_manifest.json"))!["name"]!.GetValue<string>());
    }

    [Promise]
    public async Task A_bucket_that_can_t_be_reached_is_told_by_name_and_ends_no_run()
    {
        await using var fresh = await freshDatabase();
        await using var server = await TestServer.StartAsync(fresh, configure: options => (options.ArtifactRoot, options.S3Endpoint) = ("s3://models/mlflow", "http://127.0.0.1:9"));
        var (id, uri) = await BucketServer.CreateRunAsync(server.Client);

        (await server.Client.PostAsync("runs/update", new { run_id = id, status = "FINISHED", end_time = 2 })).Ok();

        var reply = await server.Client.GetAsync("/get-artifact", ("run_id", id), ("path", "x"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.Contains($"'{uri}/x' can't be had from S3 now", reply.Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> ReadAsync(string run, string path, RangeHeaderValue? range = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Client.Address, $"/get-artifact?run_id={run}&path={Uri.EscapeDataString(path)}"));
        request.Headers.Range = range;
        using var response = await http.SendAsync(request);
        Assert.Equal(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<List<string>> ListAsync(string run, string? path)
    {
        var files = (await Client.GetAsync("artifacts/list", [("run_id", run), .. path is null ? Array.Empty<(string, string)>() : [("path", path)]])).Ok()["files"]?.AsArray() ?? [];
        return [.. files.Select(file => file!["path"]!.GetValue<string>() + (file["is_dir"]!.GetValue<bool>() ? "/" : $" {file["file_size"]}"))];
    }
}

public sealed class BucketOnSqlite() : BucketContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class BucketOnPostgres() : BucketContract(Fresh.PostgresAsync);
