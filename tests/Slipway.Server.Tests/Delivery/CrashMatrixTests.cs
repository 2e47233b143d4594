using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Server.Delivery;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>A server that dies at any step of a rollout: callers go on being served, and the next server ends it in the old or the new version, never between.</summary>
[Needs("onnx")]
public sealed class CrashMatrixTests : IAsyncLifetime
{
    private const string Pipeline = "pipeline: iris\nmodels: iris\nstages: [{name: Staging}, {name: Production}]";
    private const string Canary = "rollout: {strategy: canary, steps: [{percent: 30, samples: 40}], least_samples: 20, horizon: 10m, inconclusive: pass}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // What is done, and at which moments the server dies of it.
    private static readonly Dictionary<string, Func<CrashMatrixTests, Task>> Scenarios = new()
    {
        ["promoted"] = test => test.PromoteAsync(test._second),
        ["broken"] = async test => await test.PromoteAsync(await IrisModels.RegisterAsync(test.Client, "iris", ("model.onnx", "no model"u8.ToArray()))),
        ["followed"] = test => test.FollowAsync(),
        ["returned"] = test => test.ReturnAsync(),
        ["taken away"] = async test => (await test.Client.DeleteAsync($"{Crowd.Native}environments/live")).Ok(),
        ["cancelled"] = test => test.CancelAsync(),
        ["frozen"] = test => test.FreezeAsync(),
        ["tried"] = test => test.TryOutAsync(),
    };

    private static readonly Dictionary<string, string> ScenarioOf = new()
    {
        [Failpoint.TableMade] = "promoted",
        [Failpoint.TableSent] = "promoted",
        [Failpoint.StateSeen] = "promoted",
        [Failpoint.LooksKept] = "frozen",
        ["rollout.begin"] = "promoted",
        ["promotion.complete"] = "promoted",
        ["rollout.fail"] = "broken",
        ["rollout.complete"] = "followed",
        ["deployment.return"] = "returned",
        ["deployment.end"] = "taken away",
        ["rollout.cancel"] = "cancelled",
        ["rollout.roll-back"] = "frozen",
        ["test.record"] = "tried",
    };

    private Fresh _fresh = null!;
    private LiveEnvironment _live = null!;
    private SlipwayProcess _process = null!;
    private WireClient? _client;
    private string _first = "";
    private string _second = "";

    private WireClient Client => _client!;

    /// <summary>Every failpoint that there is; one without a scenario fails.</summary>
    public static TheoryData<string> All => new(Failpoint.All);

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _live = new LiveEnvironment(_fresh.Folder, "live");
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await _process.DisposeAsync();
        await _live.DisposeAsync();
        await using (var other = new LiveEnvironment(_fresh.Folder, "other"))
        {
        }

        await _fresh.DisposeAsync();
    }

    [PromiseTheory]
    [MemberData(nameof(All))]
    public async Task Whenever_the_server_dies_the_next_one_ends_it_in_the_old_or_the_new_version(string failpoint)
    {
        var scenario = ScenarioOf[failpoint.Split(':')[0]];
        await StartAsync(null);
        await FurnishAsync(isCanary: scenario is "cancelled" or "frozen");
        if (scenario == "returned")
        {
            await PromoteAsync(_second);
            await UntilAsync(async () => await StageAsync(_second) == "Production");
        }

        Assert.Equal(0, await _process.StopAsync());
        await StartAsync(failpoint);
        await TryAsync(() => Scenarios[scenario](this));
        await UntilAsync(() => Task.FromResult(_process.HasExited));

        if (scenario != "taken away")
        {
            Assert.Contains(await _live.AskAsync(), new[] { _first, _second });
        }

        await StartAsync(null);
        await UntilAsync(async () =>
        {
            await AskAsync(scenario == "frozen" ? 20 : 0);
            return await IsSettledAsync(scenario);
        });
        await CheckAsync(scenario);
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await happened())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    // The server may die while it is asked.
    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (HttpRequestException)
        {
            // That is what this is about.
        }
    }

    private async Task StartAsync(string? failpoint)
    {
        _client?.Dispose();
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _process = await SlipwayProcess.StartAsync(_fresh, [], failpoint is null ? null : new Dictionary<string, string> { [Failpoint.Variable] = failpoint });
        _client = new WireClient(_process.Address);
    }

    private async Task FurnishAsync(bool isCanary)
    {
        (await Client.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline })).Ok();
        _first = await IrisModels.RegisterAsync(Client, "iris");
        _second = await IrisModels.RegisterAsync(Client, "iris");
        await PromoteAsync(_first);
        await UntilAsync(async () => await StageAsync(_first) == "Production");
        await ApplyAsync("iris", "live", isCanary ? Canary : "");
        await _live.UntilServedAsync(_first);
        await UntilAsync(() => IsSettledAsync(""));
    }

    private async Task ApplyAsync(string models, string name, string more = "") =>
        (await Client.PostAsync(Crowd.Native + "environments", new { text = $"environment: {name}\nstage: {(name == "live" ? "Production" : "Staging")}\nmodels: '{models}'\nlisten: 127.0.0.1:0\n{more}" })).Ok();

    private async Task PromoteAsync(string version) => (await Client.PostAsync($"{Crowd.Native}models/iris/versions/{version}/promotions", new { to = "Production" })).Ok();

    private async Task FollowAsync()
    {
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = _second, stage = "Staging" })).Ok();
        await ApplyAsync("iris", "other");
    }

    private async Task ReturnAsync() => (await Client.PostAsync($"{Crowd.Native}models/iris/rollback", new { reason = "back" })).Ok();

    private async Task CancelAsync()
    {
        await PromoteAsync(_second);
        await UntilAsync(async () => (await RolloutAsync())?["phase"]?.GetValue<string>() == "shifting");
        (await Client.PostAsync($"{Crowd.Native}promotions/{(await RolloutAsync())!["promotion"]}/cancel", new { reason = "no" })).Ok();
    }

    private async Task FreezeAsync()
    {
        await PromoteAsync(_second);
        await UntilAsync(async () => (await RolloutAsync())?["phase"]?.GetValue<string>() == "shifting");
        (await Client.PostAsync(Crowd.Native + "freezes", new { models = "iris", stage = "Production", reason = "holidays" })).Ok();
        await AskAsync(400);
    }

    private async Task TryOutAsync()
    {
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = _second, stage = "Staging" })).Ok();
        (await Client.PostAsync($"{Crowd.Native}models/iris/versions/{_second}/trials", new { environment = "live", percent = 50, @for = "1s", samples = 10, metrics = new[] { "errors" } })).Ok();
        await UntilAsync(async () =>
        {
            await AskAsync(20);
            return (await RolloutAsync())!["state"]!.GetValue<string>() != "under_way";
        });
    }

    private async Task AskAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Contains(await _live.AskAsync(), new[] { _first, _second });
        }
    }

    private async Task<JsonNode?> RolloutAsync() => (await Client.GetAsync($"{Crowd.Native}models/iris/deployments")).Ok()["rollouts"]!.AsArray().FirstOrDefault();

    private async Task<string> StageAsync(string version) =>
        (await Client.GetAsync("model-versions/get", ("name", "iris"), ("version", version))).Ok()["model_version"]!["current_stage"]!.GetValue<string>();

    private async Task<bool> IsSettledAsync(string scenario)
    {
        var shown = (await Client.GetAsync($"{Crowd.Native}models/iris/deployments")).Ok();
        var living = shown["deployments"]!.AsArray().Where(deployment => deployment!["ended_at"] is null).ToList();
        var wanted = scenario == "followed" ? 2 : 1;
        var open = (await Client.GetAsync($"{Crowd.Native}promotions", ("state", "open"))).Ok()["promotions"]!.AsArray();
        return scenario == "taken away"
            ? living.Count == 0
            : open.Count == 0 && shown["rollouts"]!.AsArray().All(rollout => rollout!["state"]!.GetValue<string>() != "under_way") && living.Count(deployment => deployment!["role"]!.GetValue<string>() == "stable") == wanted;
    }

    private async Task CheckAsync(string scenario)
    {
        var (first, second) = (await StageAsync(_first), await StageAsync(_second));
        Assert.Contains((first, second), new[] { ("Production", "None"), ("Archived", "Production"), ("Production", "Archived"), ("Production", "Staging") });
        if (scenario != "taken away")
        {
            await _live.UntilServedAsync(first == "Production" ? _first : _second);
        }

        Assert.Equal(0, await _process.StopAsync());
        await using var database = await Database.OpenAsync(new DatabaseLocation(_fresh.Folder, null), TimeProvider.System, CancellationToken.None);
        Assert.Null((await AuditVerification.VerifyAsync(database, CancellationToken.None)).Problem);
        var told = await database.ReadAsync(reader => reader.ListAsync($"select action from audit where action like 'rollout.%' or (action = 'promotion.complete' and outcome = 'done') order by seq", row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!, CancellationToken.None), CancellationToken.None);

        // A trial is on record once, whenever the server died.
        var tests = await database.ReadAsync(reader => reader.ListAsync($"select name || ' ' || outcome from test_results", row => row.GetString(0), CancellationToken.None), CancellationToken.None);
        Assert.Equal(scenario == "tried" ? ["a_b_test passed"] : [], tests);

        // Whatever was begun was ended, once.
        Assert.Equal(told.Count(action => action == "rollout.begin"), told.Count(action => action is "rollout.complete" or "rollout.fail" or "rollout.cancel" or "rollout.roll-back" or "promotion.complete") - 1);
    }
}
