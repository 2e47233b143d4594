using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What the command line says of promotions, against a real server.</summary>
public sealed class PromotionCommandTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private Yard _yard = null!;
    private string _bob = "";
    private string _ann = "";
    private string _root = "";

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh);
        _yard = await Yard.OpenAsync((_server.Database, TimeProvider.System), _server.Client);
        (_root, _bob, _ann) = (await _yard.Root.TokenAsync("root"), await _yard.Bob.TokenAsync("bob"), await _yard.Ann.TokenAsync("ann"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task A_version_is_promoted_approved_shown_and_rolled_back()
    {
        var (first, second) = (await (await _yard.BuildAsync(0.95)).ServeAsync(), await _yard.BuildAsync(0.95));

        Assert.Contains("completed", await DoneAsync(_bob, "promote", "iris", second.Version, "--to", "Staging", "--wait"), StringComparison.Ordinal);
        var asked = JsonNode.Parse(await DoneAsync(_bob, "promote", "iris", second.Version, "--to", "Production", "--justification", "rare species", "--json"))!;
        Assert.Equal("awaiting_approval", asked["state"]!.GetValue<string>());
        var id = asked["id"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture);

        Assert.Contains("rare species", await DoneAsync(_bob, "promotions", "show", id), StringComparison.Ordinal);
        Assert.Contains("awaiting approval", await DoneAsync(_ann, "promotions", "list", "--for-me"), StringComparison.Ordinal);
        Assert.Equal("No promotions.", await DoneAsync(_bob, "promotions", "list", "--for-me"));
        Assert.Contains("nobody reviews what they asked for", await FailedAsync(_bob, "approve", "iris", second.Version), StringComparison.Ordinal);
        Assert.Contains("completed", await DoneAsync(_ann, "approve", "iris", second.Version, "--comment", "fine"), StringComparison.Ordinal);
        Assert.Contains("No promotion of iris", await FailedAsync(_ann, "reject", "iris", second.Version, "--reason", "late"), StringComparison.Ordinal);
        Assert.Equal($"iris {first.Version} is in Production again; {second.Version} is archived.", await DoneAsync(_bob, "rollback", "iris", "--reason", "complaints"));
    }

    [Fact]
    public async Task Waiting_for_what_is_rejected_fails()
    {
        var version = await _yard.BuildAsync(0.95);
        await DoneAsync(_bob, "promote", "iris", version.Version, "--to", "Staging");
        var waiting = RunAsync(_bob, "promote", "iris", version.Version, "--to", "Production", "--wait");
        await UntilOpenAsync();

        Assert.Contains("rejected", await DoneAsync(_ann, "reject", "iris", version.Version, "--reason", "worse"), StringComparison.Ordinal);

        var (code, output, _) = await waiting;
        Assert.Equal(1, code);
        Assert.Contains("rejected: worse", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_told_in_one_sentence()
    {
        var version = await _yard.BuildAsync(0.1);

        Assert.Contains("lacks the right to edit", await FailedAsync(_ann, "promote", "iris", version.Version, "--to", "Staging"), StringComparison.Ordinal);
        Assert.Contains("has to be granted to bob by name", await FailedAsync(_bob, "promote", "iris", version.Version, "--to", "Staging", "--break-glass", "fire"), StringComparison.Ordinal);
        Assert.Contains("nothing to go back to", await FailedAsync(_bob, "rollback", "iris"), StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(_bob, "reject", "iris", version.Version)).Code);
        Assert.Equal(2, (await RunAsync(_bob, "freeze", "iris", "--reason", "audit", "--until", "some day")).Code);
    }

    [Fact]
    public async Task Models_are_frozen_and_thawed_and_versions_revoked()
    {
        var version = await _yard.BuildAsync(0.95);
        Assert.Contains("nothing enters Staging of iris", await DoneAsync(_root, "freeze", "iris", "--stage", "Staging", "--reason", "audit", "--until", "2099-01-01T00:00Z"), StringComparison.Ordinal);
        Assert.Contains("2099-01-01", await DoneAsync(_bob, "freezes"), StringComparison.Ordinal);
        Assert.Contains("checking", await DoneAsync(_bob, "promote", "iris", version.Version, "--to", "Staging"), StringComparison.Ordinal);
        Assert.Contains("lifted", await DoneAsync(_root, "unfreeze", "1"), StringComparison.Ordinal);

        await _yard.UntilAsync(1, "completed");
        Assert.Contains("stays there: 'slipway rollback iris --stage Staging'", await DoneAsync(_bob, "versions", "revoke", "iris", version.Version, "--reason", "poisoned"), StringComparison.Ordinal);
        Assert.Contains("poisoned", await FailedAsync(_bob, "promote", "iris", version.Version, "--to", "Production"), StringComparison.Ordinal);
    }

    private async Task UntilOpenAsync()
    {
        while ((await _yard.Ann.GetAsync(Crowd.Native + "promotions", ("state", "awaiting_approval"))).Ok()["promotions"]!.AsArray().Count == 0)
        {
            await Task.Delay(20);
        }
    }

    private async Task<string> DoneAsync(string token, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(token, arguments);
        Assert.True(code == 0, errors + output);
        return output.Trim();
    }

    private async Task<string> FailedAsync(string token, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(token, arguments);
        Assert.True(code == 1, output);
        return errors;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string token, params string[] arguments) =>
        new SlipwayCommand([.. arguments, "--token", token]).On(_server.Address).RunAsync();
}
