using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>A server with people in it: an admin, those who build models, and those who let them go.</summary>
/// <param name="root">The admin.</param>
internal sealed class Yard(WireClient root)
{
    public const string Model = "iris";

    /// <summary>Staging asks for a metric; Production for a better one, for Staging, and for one yes of the leads.</summary>
    public const string Pipeline = """
        pipeline: iris
        models: "iris*"
        stages:
          - name: Staging
            gates:
              metrics: {accuracy: {min: 0.85}}
          - name: Production
            alias: champion
            gates:
              metrics: {accuracy: {min: 0.9}}
              previous_stage: Staging
              approvals: {count: 1, group: leads}
        """;

    public WireClient Root => root;

    /// <summary>Builds models, and may promote them.</summary>
    public required WireClient Bob { get; init; }

    /// <summary>Is one of the leads, who approve.</summary>
    public required WireClient Ann { get; init; }

    /// <summary>Is one of the leads too.</summary>
    public required WireClient Cleo { get; init; }

    /// <summary>May edit models, and not promote them.</summary>
    public required WireClient Dan { get; init; }

    private string Experiment { get; set; } = "";

    /// <summary>Sets the people up, with a model of Bob's, as one does over HTTP.</summary>
    public static async Task<Yard> OpenAsync(WireClient nobody, string pipeline = Pipeline)
    {
        var root = await nobody.FoundAsync();
        return await new Yard(root) { Bob = await root.AddAsync("bob"), Ann = await root.AddAsync("ann"), Cleo = await root.AddAsync("cleo"), Dan = await root.AddAsync("dan") }.FurnishAsync(pipeline);
    }

    /// <summary>The same past HTTP, and much faster.</summary>
    public static async Task<Yard> OpenAsync((Database Database, TimeProvider Time) place, WireClient nobody)
    {
        var people = await Settlers.SettleAsync(place, nobody, "root", "bob", "ann", "cleo", "dan");
        return await new Yard(people[0]) { Bob = people[1], Ann = people[2], Cleo = people[3], Dan = people[4] }.FurnishAsync(Pipeline);
    }

    public async Task CreateModelAsync(string model)
    {
        (await Bob.PostAsync("registered-models/create", new { name = model })).Ok();
        await GrantAsync("bob", "promote", model);
        await GrantAsync("dan", "EDIT", model);
    }

    public async Task ApplyAsync(string pipeline) => (await Root.PostAsync(Crowd.Native + "pipelines", new { text = pipeline })).Ok();

    public async Task GrantAsync(string user, string permission, string model = Model) =>
        (await Root.PostAsync($"{Crowd.Native}models/{model}/permissions", new { user, permission })).Ok();

    /// <summary>A run with a model's files and an accuracy, registered; answers the version.</summary>
    public async Task<Built> BuildAsync(double accuracy, string model = Model)
    {
        var run = (await Bob.PostAsync("runs/create", new { experiment_id = Experiment, start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        var built = new Built(this, model, run, $"{Experiment}/{run}/artifacts/model");
        await built.LogAsync("accuracy", accuracy);
        Assert.Equal(HttpStatusCode.OK, (await Bob.SendAsync(HttpMethod.Put, built.FilePath, new StringContent($"weights of {run}"))).Status);
        return await built.RegisterAsync();
    }

    public Task<WireReply> ShowAsync(long promotion, WireClient? who = null) => (who ?? Bob).GetAsync($"{Crowd.Native}promotions/{promotion}");

    /// <summary>Says yes or no to a promotion.</summary>
    public static Task<WireReply> ReviewAsync(WireClient who, long promotion, string verdict = "approved", string comment = "fine") =>
        who.PostAsync($"{Crowd.Native}promotions/{promotion}/approvals", new { verdict, comment });

    public static Task<WireReply> RollBackAsync(WireClient who, object? request = null, string model = Model) => who.PostAsync($"{Crowd.Native}models/{model}/rollback", request ?? new { });

    /// <summary>Waits until a promotion is in a state, which something in the background brings about.</summary>
    public async Task<JsonNode> UntilAsync(long promotion, string state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var shown = (await ShowAsync(promotion, Root)).Ok();
            if (shown["state"]!.GetValue<string>() == state)
            {
                return shown;
            }

            Assert.False(patience.IsCancellationRequested, $"The promotion is not {state}: {shown}");
            await Task.Delay(10);
        }
    }

    private async Task<Yard> FurnishAsync(string pipeline)
    {
        (await Root.PostAsync(Crowd.Native + "groups", new { name = "leads" })).Ok();
        foreach (var lead in new[] { "ann", "cleo" })
        {
            (await Root.PostAsync(Crowd.Native + "groups/leads/members", new { user = lead })).Ok();
        }

        Experiment = (await Bob.PostAsync("experiments/create", new { name = "bob's" })).Ok()["experiment_id"]!.GetValue<string>();
        await CreateModelAsync(Model);
        await ApplyAsync(pipeline);
        return this;
    }
}

/// <summary>A version with its run and files.</summary>
internal sealed record Built(Yard Yard, string Model, string Run, string Folder)
{
    public string Version { get; private init; } = "";

    public string FilePath => $"/api/2.0/mlflow-artifacts/artifacts/{Folder}/model.bin";

    private string Native => $"{Crowd.Native}models/{Model}/versions/{Version}";

    /// <summary>Registers the same files of the same run, possibly once more.</summary>
    public async Task<Built> RegisterAsync()
    {
        var made = (await Yard.Bob.PostAsync("model-versions/create", new { name = Model, source = $"mlflow-artifacts:/{Folder}", run_id = Run })).Ok();
        return this with { Version = made["model_version"]!["version"]!.GetValue<string>() };
    }

    public async Task LogAsync(string metric, double value) =>
        (await Yard.Bob.PostAsync("runs/log-metric", new { run_id = Run, key = metric, value, timestamp = Interlocked.Increment(ref _time), step = 0 })).Ok();

    public async Task PassAsync(params string[] tests)
    {
        foreach (var name in tests)
        {
            (await Yard.Bob.PostAsync($"{Native}/tests", new { name, outcome = "passed" })).Ok();
        }
    }

    public Task<WireReply> TransitionAsync(WireClient who, string stage, bool? archive = null) => who.PostAsync("model-versions/transition-stage", archive is { } wish
        ? new { name = Model, version = Version, stage, archive_existing_versions = wish }
        : new { name = Model, version = Version, stage });

    public Task<WireReply> PromoteAsync(WireClient who, string stage, bool hold = false, string justification = "better") =>
        who.PostAsync($"{Native}/promotions", new { to = stage, justification, hold });

    /// <summary>Asks for a promotion and answers its number.</summary>
    public async Task<long> AskAsync(string stage = "Production", bool hold = false, WireClient? who = null) =>
        (await PromoteAsync(who ?? Yard.Bob, stage, hold)).Ok()["id"]!.GetValue<long>();

    public Task<WireReply> BreakGlassAsync(WireClient who, string stage, string reason = "fire") => who.PostAsync($"{Native}/break-glass", new { to = stage, reason });

    public Task<WireReply> RevokeAsync(WireClient who, string reason = "poisoned") => who.PostAsync($"{Native}/revoke", new { reason });

    public Task<WireReply> DeleteAsync(WireClient who) => who.DeleteAsync("model-versions/delete", new { name = Model, version = Version });

    /// <summary>Brings the version all the way into Production.</summary>
    public async Task<Built> ServeAsync()
    {
        (await TransitionAsync(Yard.Bob, "Staging")).Ok();
        var promotion = await AskAsync();
        Assert.Equal("completed", (await Yard.ReviewAsync(Yard.Ann, promotion)).Ok()["state"]!.GetValue<string>());
        return this;
    }

    public async Task<JsonNode> ShowAsync() => (await Yard.Root.GetAsync("model-versions/get", ("name", Model), ("version", Version))).Ok()["model_version"]!;

    public async Task<string> StageAsync() => (await ShowAsync())["current_stage"]!.GetValue<string>();

    public async Task<string?> TagAsync(string key) =>
        ((await ShowAsync())["tags"]?.AsArray() ?? []).FirstOrDefault(tag => tag!["key"]!.GetValue<string>() == key)?["value"]!.GetValue<string>();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model} {Version}");

    private static long _time;
}
