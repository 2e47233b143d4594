using System.Net;
using Slipway.Server.Tests.Governance;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts.Buckets;

/// <summary>Files of governed versions lie where clients can swap them: that gets nobody anywhere, whatever the database.</summary>
[Needs("s3")]
public abstract class BucketGovernanceContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private BucketServer _bucket = null!;
    private Yard _yard = null!;
    private string _run = "";
    private string _file = "";

    public async Task InitializeAsync()
    {
        _bucket = await BucketServer.StartAsync(freshDatabase);
        _yard = await Yard.OpenAsync(_bucket.Client);
        var experiment = (await _yard.Bob.PostAsync("experiments/create", new { name = "in the bucket" })).Ok()["experiment_id"]!.GetValue<string>();
        (_run, var uri) = await BucketServer.CreateRunAsync(_yard.Bob, experiment);
        _file = $"{uri}/model/model.bin";
        await _bucket.PutAsync(_file, "weights"u8.ToArray());
        (await _yard.Bob.PostAsync("runs/log-metric", new { run_id = _run, key = "accuracy", value = 0.95, timestamp = 1 })).Ok();
        (await _yard.Bob.PostAsync("model-versions/create", new { name = Yard.Model, source = $"{uri}/model", run_id = _run })).Ok();
    }

    public async Task DisposeAsync() => await _bucket.DisposeAsync();

    [Promise]
    public async Task Files_as_they_were_registered_pass_and_their_run_counts()
    {
        (await TransitionAsync("Staging")).Ok();
        Assert.Equal("weights", (await DownloadAsync()).Text);
    }

    [Promise]
    public async Task A_swapped_file_is_refused_by_gates_and_named()
    {
        await _bucket.PutAsync(_file, "poison!"u8.ToArray());

        var reply = await TransitionAsync("Staging");

        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
        Assert.Contains("artifacts is files that were altered since: 'model.bin' was replaced", reply.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_file_that_was_swapped_after_the_request_is_not_approved()
    {
        (await TransitionAsync("Staging")).Ok();
        var promotion = (await _yard.Bob.PostAsync($"{Crowd.Native}models/{Yard.Model}/versions/1/promotions", new { to = "Production" })).Ok()["id"]!.GetValue<long>();
        await _yard.UntilAsync(promotion, "awaiting_approval");
        await _bucket.PutAsync(_file, "poison!"u8.ToArray());

        await Yard.ReviewAsync(_yard.Ann, promotion);

        var stage = (await _yard.Bob.GetAsync("model-versions/get", ("name", Yard.Model), ("version", "1"))).Ok()["model_version"]!["current_stage"]!.GetValue<string>();
        Assert.Equal("Staging", stage);
        Assert.Contains("'model.bin' was replaced", (await _yard.ShowAsync(promotion)).Text, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_swapped_an_added_and_a_removed_file_are_never_given_out()
    {
        await _bucket.PutAsync(_file, "poison!"u8.ToArray());
        await _bucket.PutAsync(_file + ".more", "added"u8.ToArray());
        foreach (var (name, what) in new[] { ("model/model.bin", "replaced"), ("model/model.bin.more", "added") })
        {
            var reply = await _yard.Bob.GetAsync("/get-artifact", ("run_id", _run), ("path", name));

            Assert.Equal(HttpStatusCode.InternalServerError, reply.Status);
            Assert.Contains($"in the bucket it was {what} after version 1 of 'iris' was registered", reply.Message, StringComparison.Ordinal);
        }

        await _bucket.DeleteAsync(_file);
        await _bucket.DeleteAsync(_file + ".more");
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync()).Status);
        Assert.Contains("artifacts is files that are gone", (await TransitionAsync("Staging")).Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task The_server_writes_none_of_them_either()
    {
        var reply = await _yard.Bob.SendAsync(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_run}&path=model/model.bin", new StringContent("others"));

        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
        Assert.Equal("weights"u8.ToArray(), await _bucket.ReadAsync(_file));
    }

    private Task<WireReply> TransitionAsync(string stage) =>
        _yard.Bob.PostAsync("model-versions/transition-stage", new { name = Yard.Model, version = "1", stage });

    private Task<WireReply> DownloadAsync() => _yard.Bob.GetAsync("/model-versions/get-artifact", ("name", Yard.Model), ("version", "1"), ("path", "model.bin"));
}

public sealed class BucketGovernanceOnSqlite() : BucketGovernanceContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class BucketGovernanceOnPostgres() : BucketGovernanceContract(Fresh.PostgresAsync);
