using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What applying environments promises, whatever the database.</summary>
public abstract class EnvironmentsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Environments = $"{Crowd.Native}environments";

    // Nothing is to be started here.
    protected override Action<ServerOptions>? Configure => options => options.Gateways = false;

    [Promise]
    public async Task Each_text_is_a_version_that_is_shown_and_on_record()
    {
        var first = (await ApplyAsync(Text("live", "5102"))).Ok();
        var second = (await ApplyAsync(Text("live", "5103"))).Ok();

        Assert.Equal((1, 2), (first["version"]!.GetValue<int>(), second["version"]!.GetValue<int>()));
        var shown = await Client.GetAsync($"{Environments}/live");
        Assert.Equal((Text("live", "5103"), "http://127.0.0.1:5103", "\"2\""), (shown.Ok()["text"]!.GetValue<string>(), shown.Ok()["listen"]!.GetValue<string>(), shown.Headers.ETag!.ToString()));
        var listed = (await Client.GetAsync(Environments)).Ok()["environments"]!.AsArray();
        Assert.Equal(("live", "Production", "iris*", "all-at-once"), (Text(listed[0]!["name"]), Text(listed[0]!["stage"]), Text(listed[0]!["models"]), Text(listed[0]!["strategy"])));
        Assert.Equal(["environments/live", "environments/live"], await ColumnAsync($"select resource from audit where action = 'environment.apply' order by seq"));
    }

    [Promise]
    public async Task A_dry_run_only_says_whether_the_file_can_be_used()
    {
        Assert.Equal(1, (await Client.PostAsync(Environments, new { text = Text("live", "5102"), dry_run = true })).Ok()["version"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync(Environments, new { text = "environment: x", dry_run = true })).Status);

        Assert.Empty((await Client.GetAsync(Environments)).Ok()["environments"]!.AsArray());
        Assert.Empty(await ColumnAsync($"select resource from audit where action = 'environment.apply'"));
    }

    [Promise]
    public async Task An_edit_of_an_outdated_version_is_refused()
    {
        (await ApplyAsync(Text("live", "5102"))).Ok();
        (await ApplyAsync(Text("live", "5103"))).Ok();
        using var outdated = Client.With("If-Match", "\"1\"");

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await outdated.PostAsync(Environments, new { text = Text("live", "5104") })).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await outdated.DeleteAsync($"{Environments}/live")).Status);
        Assert.Equal(2, (await Client.GetAsync($"{Environments}/live")).Ok()["version"]!.GetValue<int>());
    }

    [Promise]
    public async Task Two_environments_never_listen_on_the_same_place()
    {
        (await ApplyAsync(Text("live", "5102"))).Ok();

        var refused = await ApplyAsync(Text("other", "5102"));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("live listens on http://127.0.0.1:5102 already", refused.Text, StringComparison.Ordinal);
        (await ApplyAsync(Text("other", "0"))).Ok();
        (await ApplyAsync(Text("third", "0"))).Ok();
    }

    [Promise]
    public async Task What_is_taken_away_is_gone_and_its_versions_go_on()
    {
        (await ApplyAsync(Text("live", "5102"))).Ok();

        (await Client.DeleteAsync($"{Environments}/live")).Ok();

        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Environments}/live")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.DeleteAsync($"{Environments}/live")).Status);
        Assert.Equal(2, (await ApplyAsync(Text("live", "5102"))).Ok()["version"]!.GetValue<int>());
    }

    [Promise]
    public async Task A_served_stage_needs_a_pipeline_and_does_not_change_by_itself()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        (await ApplyAsync(Text("live", "0"))).Ok();

        var refused = await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Production" });

        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), (refused.Status, refused.ErrorCode));
        Assert.Contains("served by the environment live, and no pipeline", refused.Message, StringComparison.Ordinal);
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Staging" })).Ok();
        Assert.Equal(["Staging"], await ColumnAsync($"select stage from model_versions"));
    }

    private static string Text(System.Text.Json.Nodes.JsonNode? node) => node!.GetValue<string>();

    private static string Text(string name, string port) => $"environment: {name}\nstage: Production\nmodels: 'iris*'\nlisten: 127.0.0.1:{port}\n";

    private Task<WireReply> ApplyAsync(string text) => Client.PostAsync(Environments, new { text });
}

public sealed class EnvironmentsOnSqlite() : EnvironmentsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class EnvironmentsOnPostgres() : EnvironmentsContract(Fresh.PostgresAsync);
