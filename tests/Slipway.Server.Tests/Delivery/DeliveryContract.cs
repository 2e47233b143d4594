using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Serving.Gateway.Records;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What environments promise with real gateways and workers, whatever the database.</summary>
public abstract class DeliveryContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Pipeline = "pipeline: iris\nmodels: iris\nstages: [{name: Staging}, {name: Production}]";

    private const string Canary = """
        rollout:
          strategy: canary
          steps: [{percent: 30, samples: 60}]
          least_samples: 30
          horizon: 10m
        """;

    private LiveEnvironment _live = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _live = new LiveEnvironment(Place.Folder, "live");
    }

    public override async Task DisposeAsync()
    {
        // Taken away first, or the server would start the gateway anew.
        await Client.DeleteAsync($"{Crowd.Native}environments/live");
        await _live.UntilGoneAsync();
        await _live.DisposeAsync();
        await base.DisposeAsync();
    }

    [Promise]
    public async Task An_environment_serves_what_its_stage_holds_already_until_it_is_taken_away()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(version);

        await ApplyAsync();
        await _live.UntilServedAsync(version);
        await UntilAsync(async () => Text((await DeploymentsAsync())["rollouts"]![0]!, "state") == "completed");
        await UntilAsync(async () => (await _live.StateAsync()).Models[0].Deployments[0].Role == DeploymentRole.Stable);

        var shown = await DeploymentsAsync();
        await UntilAsync(async () => (await DeploymentsAsync())["deployments"]![0]! is var told && told["percent"]?.GetValue<double>() == 100 && told["healthy_workers"]?.GetValue<int>() == 1);
        Assert.Equal(("stable", version), (Text(shown["deployments"]![0]!, "role"), Text(shown["deployments"]![0]!, "version")));
        var lineage = (await Client.GetAsync($"{Crowd.Native}models/iris/versions/{version}/lineage")).Ok()["nodes"]!.AsArray();
        Assert.Equal(["live"], lineage.Single(node => Text(node!, "kind") == "model_version")!["served_in"]!.AsArray().Select(name => name!.GetValue<string>()));
        (await Client.DeleteAsync($"{Crowd.Native}environments/live")).Ok();
        await UntilAsync(async () => (await DeploymentsAsync())["deployments"]!.AsArray().All(deployment => deployment!["ended_at"] is not null));
        await _live.UntilGoneAsync();
    }

    [Promise]
    public async Task The_stage_changes_when_the_version_serves_and_no_caller_notices()
    {
        await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline });
        await ApplyAsync();
        var first = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(first);
        Assert.Equal(first, await _live.AskAsync());

        var second = await IrisModels.RegisterAsync(Client, "iris");
        var answers = await _live.AskWhileAsync(() => TransitionAsync(second));

        Assert.Subset(new HashSet<string> { first, second }, answers.Keys.ToHashSet());
        await _live.UntilServedAsync(second);
        Assert.Equal(["Archived", "Production"], await ColumnAsync($"select stage from model_versions order by version"));
        Assert.Equal(["completed", "completed"], await ColumnAsync($"select state from promotions order by id"));
        Assert.Equal(["rollout.begin", "promotion.complete", "rollout.begin", "promotion.complete"], await ColumnAsync($"select action from audit where action in ('rollout.begin', 'promotion.complete') order by seq"));

        // Back by hand: the one before is still warm, and callers again see no failure.
        answers = await _live.AskWhileAsync(async () =>
        {
            (await Client.PostAsync($"{Crowd.Native}models/iris/rollback", new { reason = "too bold" })).Ok();
            await UntilAsync(async () => Text((await DeploymentsAsync())["deployments"]!.AsArray().Single(deployment => Text(deployment!, "role") == "stable" && deployment!["ended_at"] is null)!, "version") == first);
        });
        await _live.UntilServedAsync(first);
        Assert.Subset(new HashSet<string> { first, second }, answers.Keys.ToHashSet());
        Assert.Equal(["Production", "Archived"], await ColumnAsync($"select stage from model_versions order by version"));
    }

    [Promise]
    public async Task A_version_that_does_not_load_never_enters_the_stage()
    {
        await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline });
        await ApplyAsync();
        var good = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(good);
        var bad = await IrisModels.RegisterAsync(Client, "iris", ("model.onnx", "no model"u8.ToArray()));

        var refused = await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = bad, stage = "Production" });

        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), (refused.Status, refused.ErrorCode));
        Assert.Contains("Promotion 2 of 'iris' 2 to Production is failed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["Production", "None"], await ColumnAsync($"select stage from model_versions order by version"));
        Assert.Equal(["completed", "failed"], await ColumnAsync($"select state from rollouts order by id"));
        Assert.Equal(good, await _live.AskAsync());
    }

    [Promise]
    public async Task A_canary_that_answers_otherwise_is_thrown_out_with_the_numbers()
    {
        await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline });
        await ApplyAsync(Canary);
        var good = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(good);
        var odd = await IrisModels.RegisterAsync(Client, "iris", IrisModels.AlwaysVirginica());
        var promotion = (await Client.PostAsync($"{Crowd.Native}models/iris/versions/{odd}/promotions", new { to = "Production" })).Ok()["id"]!.GetValue<long>();

        var answers = await _live.AskWhileAsync(
            () => UntilAsync(async () => (await ColumnAsync($"select state from promotions where id = {promotion}"))[0] is not ("requested" or "approved" or "deploying")),
            number => IrisModels.Of(IrisModels.Flowers[number % IrisModels.Flowers.Count]));

        Assert.Equal(["rolled_back"], await ColumnAsync($"select state from promotions where id = {promotion}"));
        Assert.Subset(new HashSet<string> { good, odd }, answers.Keys.ToHashSet());
        Assert.Contains(odd, answers.Keys);
        Assert.Equal(["completed ", "rolled_back predictions"], await ColumnAsync($"select state || ' ' || coalesce(signal, '') from rollouts order by id"));
        Assert.Equal(["Production", "None"], await ColumnAsync($"select stage from model_versions order by version"));
        var looks = (await Client.GetAsync($"{Crowd.Native}models/iris/rollouts/2/looks")).Ok()["looks"]!.AsArray();
        Assert.Equal("fail", Text(looks[^1]!, "verdict"));
        await _live.UntilServedAsync(good);
    }

    [Promise]
    public async Task A_live_version_that_gets_worse_goes_back_by_itself_and_the_log_says_why()
    {
        await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline });
        await ApplyAsync("watch: [predictions]\n");
        var first = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(first);
        var second = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(second);
        await _live.UntilServedAsync(second);

        // New, it sees all kinds of flowers, and later only one.
        await _live.AskWhileAsync(() => UntilAsync(async () => (await _live.StateAsync()).Models[0].Profile is not null), number => IrisModels.Of(IrisModels.Flowers[number % IrisModels.Flowers.Count]));
        await _live.AskWhileAsync(() => UntilAsync(async () => (await ColumnAsync($"select stage from model_versions order by version")).SequenceEqual(["Production", "Archived"])));

        await _live.UntilServedAsync(first);
        Assert.Equal(["slipway"], await ColumnAsync($"select actor from rollbacks"));
        Assert.StartsWith("By itself: ", (await ColumnAsync($"select reason from rollbacks")).Single(), StringComparison.Ordinal);
        Assert.Equal(["completed", "rolled_back"], await ColumnAsync($"select state from promotions order by id"));
    }

    [Promise]
    public async Task A_rollout_that_is_gone_back_from_by_hand_leaves_the_stage_as_it_was()
    {
        await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline });
        await ApplyAsync(Canary);
        var first = await IrisModels.RegisterAsync(Client, "iris");
        await TransitionAsync(first);
        var second = await IrisModels.RegisterAsync(Client, "iris");
        (await Client.PostAsync($"{Crowd.Native}models/iris/versions/{second}/promotions", new { to = "Production" })).Ok();
        await UntilAsync(async () => (await ColumnAsync($"select phase from rollouts where id = 2")) is ["shifting"]);

        var back = (await Client.PostAsync($"{Crowd.Native}models/iris/rollback", new { reason = "not today" })).Ok();

        Assert.Equal((2, first, second), (back["rollout"]!.GetValue<int>(), Text(back, "version"), Text(back, "from")));
        Assert.Equal(["rolled_back hand not today"], await ColumnAsync($"select state || ' ' || signal || ' ' || reason from rollouts where id = 2"));
        Assert.Equal(["completed", "rolled_back"], await ColumnAsync($"select state from promotions order by id"));
        Assert.Equal(["Production", "None"], await ColumnAsync($"select stage from model_versions order by version"));
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await happened())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<JsonNode> DeploymentsAsync() => (await Client.GetAsync($"{Crowd.Native}models/iris/deployments")).Ok();

    private async Task ApplyAsync(string more = "") =>
        (await Client.PostAsync(Crowd.Native + "environments", new { text = $"environment: live\nstage: Production\nmodels: 'iris*'\nlisten: 127.0.0.1:0\n{more}" })).Ok();

    private async Task TransitionAsync(string version) =>
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version, stage = "Production" })).Ok();
}

[Needs("onnx")]
public sealed class DeliveryOnSqlite() : DeliveryContract(Fresh.SqliteAsync);

[Needs("postgres"), Needs("onnx")]
public sealed class DeliveryOnPostgres() : DeliveryContract(Fresh.PostgresAsync);
