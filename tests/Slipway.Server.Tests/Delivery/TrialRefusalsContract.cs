using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>Which trials are refused, and what the callers are told, whatever the database.</summary>
public abstract class TrialRefusalsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    protected override Action<ServerOptions>? Configure => options => options.Gateways = false;

    [Promise]
    public async Task What_can_not_be_tried_is_refused_with_what_to_do()
    {
        await FurnishAsync();

        Assert.Equal("404 There is no environment 'nowhere'. 'slipway environments list' shows those there are.", await StartAsync(new { environment = "nowhere" }));
        Assert.Equal("409 The environment others does not serve 'iris', but models like 'other-*'. 'slipway environments list' shows which one does.", await StartAsync(new { environment = "others" }));
        Assert.Equal("409 Version 1 of 'iris' is in None, and live serves Production: what is tried there is in Staging. Bring the version there first.", await StartAsync(new { environment = "live" }));
        await StageAsync();
        Assert.Equal("409 No version of 'iris' serves in live yet, so there is nothing to compare with. Promote one to Production first.", await StartAsync(new { environment = "live" }));
        (await Client.PostAsync($"{Crowd.Native}models/iris/versions/1/revoke", new { reason = "it leaks" })).Ok();
        Assert.Equal("403 Version 1 of 'iris' was revoked: it leaks. It can't be tried any more.", await StartAsync(new { environment = "live" }));
        await ServeStagingAsync();
        Assert.Equal("409 No stage of 'iris' comes before Staging, which early serves, so nothing can be tried there.", await StartAsync(new { environment = "early" }));
        Assert.Empty(await ColumnAsync($"select state from rollouts"));
    }

    [Promise]
    public async Task Wrong_values_are_told_what_is_allowed()
    {
        await FurnishAsync();

        Assert.Equal("400 Missing value for required parameter 'environment'.", await StartAsync(new { }));
        Assert.Equal("400 Invalid value 60 for parameter 'percent': must be from 0.01 to 50.", await StartAsync(new { environment = "live", percent = 60 }));
        Assert.Equal("400 Invalid value 'soon' for parameter 'for': must be a time such as 30m or 24h, at most 90d.", await StartAsync(new { environment = "live", @for = "soon" }));
        Assert.StartsWith("400 Invalid value 0 for parameter 'samples'", await StartAsync(new { environment = "live", samples = 0 }), StringComparison.Ordinal);
        Assert.Equal("400 Invalid value 'beauty' for parameter 'metrics': must be of errors, latency, predictions, schema, accuracy.", await StartAsync(new { environment = "live", metrics = new[] { "errors", "beauty" } }));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Crowd.Native}models/iris/trials/stop", new { })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Crowd.Native}models/nothing/trials/stop", new { })).Status);
    }

    [Promise]
    public async Task A_pipeline_says_which_stages_come_before()
    {
        await FurnishAsync();
        (await Client.PostAsync(Crowd.Native + "pipelines", new { text = "pipeline: iris\nmodels: iris\nstages: [{name: Lab}, {name: Staging}, {name: Production}]" })).Ok();
        await ServeStagingAsync();

        Assert.Contains("what is tried there is in Lab or Staging", await StartAsync(new { environment = "live" }), StringComparison.Ordinal);
        Assert.Contains("what is tried there is in Lab.", await StartAsync(new { environment = "early" }), StringComparison.Ordinal);
    }

    [Promise]
    public async Task The_command_line_says_the_same_and_shows_when_there_is_nothing()
    {
        await FurnishAsync();
        await StageAsync();

        var refused = await RunAsync("ab", "start", "iris", "Staging", "--env", "live", "--percent", "20", "--for", "30m", "--metric", "errors", "latency");

        Assert.Equal(1, refused.Code);
        Assert.Contains("No version of 'iris' serves in live yet", refused.Errors, StringComparison.Ordinal);
        Assert.Equal((0, "No version was tried.\n"), ((await RunAsync("ab", "list", "iris")).Code, (await RunAsync("ab", "list", "iris")).Output));
        Assert.Equal(2, (await RunAsync("ab", "show", "iris")).Code);
        Assert.Equal(1, (await RunAsync("ab", "stop", "iris")).Code);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        new SlipwayCommand(arguments).On(Address).RunAsync();

    private async Task FurnishAsync()
    {
        (await Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/model" })).Ok();
        (await Client.PostAsync(Crowd.Native + "environments", new { text = "environment: live\nstage: Production\nmodels: 'iris*'\n" })).Ok();
        (await Client.PostAsync(Crowd.Native + "environments", new { text = "environment: others\nstage: Production\nmodels: 'other-*'\nlisten: 127.0.0.1:5098\n" })).Ok();
    }

    private async Task ServeStagingAsync() => (await Client.PostAsync(Crowd.Native + "environments", new { text = "environment: early\nstage: Staging\nmodels: iris\n" })).Ok();

    private async Task StageAsync() => (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Staging" })).Ok();

    private async Task<string> StartAsync(object request)
    {
        var reply = await Client.PostAsync($"{Crowd.Native}models/iris/versions/1/trials", request);
        return $"{(int)reply.Status} {reply.Body?["detail"]}";
    }
}

public sealed class TrialRefusalsOnSqlite() : TrialRefusalsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TrialRefusalsOnPostgres() : TrialRefusalsContract(Fresh.PostgresAsync);
