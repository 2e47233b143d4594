using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>A server as a process, and the people of a team: root looks after it, bob makes models, ann leads and approves, ci tests, shop asks for predictions.</summary>
internal sealed class Team : IAsyncDisposable
{
    public const string Model = "iris-classifier";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Dictionary<string, string> _tokens = [];
    private readonly List<LiveEnvironment> _environments = [];
    private readonly Fresh _fresh;
    private readonly SlipwayProcess _server;

    private Team(Fresh fresh, SlipwayProcess server) => (_fresh, _server) = (fresh, server);

    public string Folder => _fresh.Folder;

    /// <summary>Starts the server, with Debian's Python for models that need one, and lets everybody in.</summary>
    public static async Task<Team> GatherAsync()
    {
        var fresh = await Fresh.SqliteAsync();
        var team = new Team(fresh, await SlipwayProcess.StartAsync(fresh, ["--python", "/usr/bin/python3"]));
        using var nobody = new WireClient(team._server.Address);
        using var root = await nobody.FoundAsync();
        team._tokens["root"] = await root.TokenAsync("root");
        foreach (var name in new[] { "bob", "ann" })
        {
            using var person = await root.AddAsync(name);
            team._tokens[name] = await person.TokenAsync(name);
        }

        foreach (var name in new[] { "ci", "shop" })
        {
            await team.RunAsync("root", "users", "add", name, "--service");
            team._tokens[name] = await root.TokenAsync(name);
        }

        await team.RunAsync("root", "groups", "add", "ml-leads");
        await team.RunAsync("root", "groups", "add-member", "ml-leads", "ann");
        await team.RunAsync("root", "permissions", "grant", "EDIT", "--experiment", "0", "--user", "bob");
        return team;
    }

    public string TokenOf(string name) => _tokens[name];

    /// <summary>A client that is one of them.</summary>
    public WireClient As(string name) => new WireClient(_server.Address).Bearing(_tokens[name]);

    /// <summary>The gateway of an environment, as shop sees it; it ends with the team.</summary>
    public LiveEnvironment Environment(string name)
    {
        var environment = new LiveEnvironment(Folder, name, _tokens["shop"]);
        _environments.Add(environment);
        return environment;
    }

    /// <summary>Puts a pipeline or an environment in force.</summary>
    /// <param name="kind"><c>pipelines</c> or <c>environments</c>.</param>
    /// <param name="text">The file.</param>
    public async Task ApplyAsync(string kind, string text)
    {
        var file = Path.Join(Folder, "applied.yaml");
        await File.WriteAllTextAsync(file, text);
        await RunAsync("root", kind, "apply", file);
    }

    /// <summary>Registers what bob made, with what he measured and says of it.</summary>
    public async Task<string> RegisterAsync(double accuracy, params (string Name, byte[] Content)[] files)
    {
        using var bob = As("bob");
        var version = await IrisModels.RegisterAsync(bob, Model, files);
        var run = (await bob.GetAsync("model-versions/get", ("name", Model), ("version", version))).Ok()["model_version"]!["run_id"]!.GetValue<string>();
        (await bob.PostAsync("runs/log-metric", new { run_id = run, key = "accuracy", value = accuracy, timestamp = 1 })).Ok();
        foreach (var (key, value) in new[] { ("team", "ml-platform"), ("validation_status", "passed") })
        {
            (await bob.PostAsync("model-versions/set-tag", new { name = Model, version, key, value })).Ok();
        }

        return version;
    }

    /// <summary>From asking for Production to the approval: Slipway runs its tests, ci tells of its own, and ann says yes.</summary>
    public async Task ReleaseAsync(string version)
    {
        await RunAsync("bob", "promote", Model, version, "--to", "Production", "--justification", "Better than what we have");
        await RunAsync("ci", "tests", "record", Model, version, "integration_test", "--passed");
        await UntilPromotionAsync(version, "awaiting_approval");
        Assert.Contains(Model, await RunAsync("ann", "promotions", "list", "--for-me"), StringComparison.Ordinal);
        await RunAsync("ann", "approve", Model, version, "--comment", "Checked on the holdout set");
    }

    /// <summary>Waits until the promotion of a version to Production comes to this.</summary>
    public async Task UntilPromotionAsync(string version, string state)
    {
        using var root = As("root");
        var number = long.Parse(version, CultureInfo.InvariantCulture);
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var all = (await root.GetAsync($"{Crowd.Native}promotions")).Ok()["promotions"]!.AsArray();
            var promotion = all.Single(one => one!["version"]!.ToString() == version && one["stage"]!.GetValue<string>() == "Production")!;
            if (promotion["state"]!.GetValue<string>() == state)
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"{number} is not {state}: {promotion}");
            await Task.Delay(100);
        }
    }

    /// <summary>The stages of all versions, in their order.</summary>
    public async Task<IReadOnlyList<string>> StagesAsync()
    {
        using var bob = As("bob");
        var versions = (await bob.GetAsync("model-versions/search", ("filter", $"name='{Model}'"))).Ok()["model_versions"]!.AsArray();
        return [.. versions.OrderBy(version => int.Parse(version!["version"]!.GetValue<string>(), CultureInfo.InvariantCulture)).Select(version => version!["current_stage"]!.GetValue<string>())];
    }

    /// <summary>Runs a command as one of them, and answers what it said.</summary>
    public async Task<string> RunAsync(string who, params string[] arguments)
    {
        var command = new SlipwayCommand(arguments)
        {
            Environment = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = Folder, ["SLIPWAY_TOKEN"] = _tokens[who] },
        };
        var (code, output, errors) = await command.On(_server.Address).RunAsync();
        Assert.True(code == 0, $"{who}: slipway {string.Join(' ', arguments)}: {code}\n{output}{errors}");
        return output;
    }

    /// <summary>A command's answer in JSON.</summary>
    public async Task<JsonNode> AskAsync(string who, params string[] arguments) => JsonNode.Parse(await RunAsync(who, [.. arguments, "--json"]))!;

    public async ValueTask DisposeAsync()
    {
        // The server first, or it would start them anew.
        await _server.DisposeAsync();
        foreach (var environment in _environments)
        {
            await environment.DisposeAsync();
        }

        await _fresh.DisposeAsync();
    }
}
