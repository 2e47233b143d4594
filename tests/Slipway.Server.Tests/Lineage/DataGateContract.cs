using System.Globalization;
using System.Net;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Server.Tests.Governance;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>What gates say of the data that a version was trained on, whatever the database.</summary>
public abstract class DataGateContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    private const string Model = "iris";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await CreateModelAsync(Model);
    }

    [Promise]
    public async Task Data_is_required_of_the_run_that_counts_as_evidence()
    {
        await GateAsync("{dataset: {required: true}}");
        var run = await AddRunAsync();
        var version = await RegisterAsync(Model, run, run);
        var claimed = await RegisterAsync(Model, await AddRunAsync(), run);

        var none = Gate(await CheckAsync(Model, version), "dataset");
        Assert.Equal((false, "a known dataset version", "none"), (IsMet(none), none.Text("required"), none.Text("measured")));

        await Client.DataAsync("train@1.0.0");
        await Client.UseAsync(run, "train@1.0.0");
        var met = Gate(await CheckAsync(Model, version), "dataset");
        Assert.Equal((true, "train@1.0.0", $"runs/{run}"), (IsMet(met), met.Text("measured"), met.Text("evidence")));

        // Naming another's run is no evidence.
        Assert.False(IsMet(Gate(await CheckAsync(Model, claimed), "dataset")));
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostAsync("model-versions/transition-stage", new { name = Model, version = claimed, stage = "Production" })).Status);
        await MoveAsync(Model, version, "Production");
    }

    [Promise]
    public async Task A_contradiction_is_no_evidence()
    {
        await GateAsync("{dataset: {required: true}}");
        await Client.DataAsync("train@1.0.0");
        var run = await AddRunAsync();
        await Client.ParamAsync(run, "dataset_name", "train");
        await Client.ParamAsync(run, "dataset_version", "1.0.0");
        await Client.ParamAsync(run, "dataset_hash", "0123456789abcdef");

        Assert.False(IsMet(Gate(await CheckAsync(Model, await RegisterAsync(Model, run, run)), "dataset")));
    }

    [Promise]
    public async Task What_was_made_from_recalled_data_stays_out_until_it_is_reinstated()
    {
        await GateAsync("{dataset: {not_recalled: true}}");
        await Client.DataAsync("base@1.0.0");
        var (pretrained, tuned) = (await AddRunAsync(), await AddRunAsync());
        await Client.UseAsync(pretrained, "base@1.0.0");
        var logged = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = "m", source_run_id = pretrained })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.PostAsync("runs/log-inputs", new { run_id = tuned, models = new[] { new { model_id = logged } } })).Ok();
        var version = await RegisterAsync(Model, tuned, tuned);
        Assert.True(IsMet(Gate(await CheckAsync(Model, version), "dataset")));

        var recall = (await Client.PostAsync($"{Sending.On("base", "1.0.0")}/recall", new { reason = "wrong labels" })).Ok();

        Assert.Equal($"models/{Model}/versions/{version}", Assert.Single(recall["model_versions"]!.AsArray())!.Text("id"));
        Assert.Equal("base@1.0.0 (recalled: wrong labels)", Gate(await CheckAsync(Model, version), "dataset").Text("measured"));
        var refused = await Client.PostAsync("model-versions/transition-stage", new { name = Model, version, stage = "Production" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("wrong labels", refused.Message, StringComparison.Ordinal);
        (await Client.PostAsync($"{Sending.On("base", "1.0.0")}/reinstate", new { reason = "checked" })).Ok();
        await MoveAsync(Model, version, "Production");
    }

    [Promise]
    public async Task A_recall_says_where_each_version_is_in_use_and_is_audited()
    {
        await Client.DataAsync("train@1.0.0");
        var run = await AddRunAsync();
        await Client.UseAsync(run, "train@1.0.0");
        var version = await RegisterAsync(Model, run, run);
        await MoveAsync(Model, version, "Production");
        (await Client.PostAsync("registered-models/alias", new { name = Model, alias = "champion", version })).Ok();

        var recall = (await Client.PostAsync($"{Sending.On("train", "latest")}/recall", new { reason = "wrong labels" })).Ok();

        var user = Assert.Single(recall["model_versions"]!.AsArray())!;
        Assert.Equal(("train@1.0.0", "Production", "champion"), (recall.Text("dataset"), user.Text("stage"), user["aliases"]![0]!.GetValue<string>()));
        Assert.Equal("wrong labels", (await Client.VersionAsync("train", "1.0.0")).Text("recall_reason"));
        var entry = (await Client.GetAsync($"{Native}audit", ("action", "dataset.recall"))).Ok()["entries"]![0]!;
        Assert.Equal("datasets/train@1.0.0", entry.Text("resource"));
        Assert.Contains($"models/{Model}/versions/{version}", entry.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Client.PostAsync($"{Sending.On("train", "1.0.0")}/recall", new { reason = "again" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync($"{Sending.On("train", "1.0.0")}/recall", new { })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Sending.On("train", "9.0.0")}/recall", new { reason = "gone" })).Status);
    }

    [Promise]
    public async Task Data_may_not_have_moved_from_that_in_production()
    {
        await Client.DataAsync("train@1.0.0", Numbers(0));
        await Client.DataAsync("train@1.1.0", Numbers(3));
        await Client.DataAsync("train@2.0.0", Numbers(500));
        var first = await AddTrainedAsync("train@1.0.0");
        await GateAsync("{dataset: {drift: {below: 0.2, against: Production}}}");

        var alone = Gate(await CheckAsync(Model, first), "dataset drift");
        Assert.Equal((true, "nothing to compare with: no other version is in Production"), (IsMet(alone), alone.Text("measured")));
        await MoveAsync(Model, first, "Production");

        var near = Gate(await CheckAsync(Model, await AddTrainedAsync("train@1.1.0")), "dataset drift");
        Assert.True(IsMet(near), near.ToJsonString());
        var far = Gate(await CheckAsync(Model, await AddTrainedAsync("train@2.0.0")), "dataset drift");
        Assert.False(IsMet(far));
        Assert.Contains("in column x, from train@1.0.0 to train@2.0.0", far.Text("measured"), StringComparison.Ordinal);
        var unknown = Gate(await CheckAsync(Model, await AddVersionAsync(Model)), "dataset drift");
        Assert.Equal((false, "no data known of this version"), (IsMet(unknown), unknown.Text("measured")));
    }

    private async Task<string> AddTrainedAsync(string dataset)
    {
        var run = await AddRunAsync();
        await Client.UseAsync(run, dataset);
        return await RegisterAsync(Model, run, run);
    }

    private static string Numbers(int shift) => "x\n" + string.Join('\n', Enumerable.Range(0, 1000).Select(number => (number + shift).ToString(CultureInfo.InvariantCulture))) + "\n";
}

public sealed class DataGateOnSqlite() : DataGateContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DataGateOnPostgres() : DataGateContract(Fresh.PostgresAsync);
