using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What going back promises, and what stops and passes the gates, whatever the database.</summary>
public abstract class RollbackContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task It_goes_back_to_the_last_that_served_and_was_not_gone_back_from_and_asks_no_gate()
    {
        var (first, second, third) = (await ServedAsync(), await ServedAsync(), await ServedAsync());
        await first.LogAsync("accuracy", 0.1);
        await second.LogAsync("accuracy", 0.1);

        var back = (await Yard.RollBackAsync(Yard.Bob, new { reason = "errors since noon" })).Ok();

        Assert.Equal(("2", "3", "Production"), (back["version"]!.GetValue<string>(), back["from"]!.GetValue<string>(), back["stage"]!.GetValue<string>()));
        Assert.Equal(["Production", "Archived"], [await second.StageAsync(), await third.StageAsync()]);
        Assert.Equal(["2"], await ColumnAsync($"select v.version from model_aliases a join model_versions v on v.id = a.version where a.alias = 'champion'"));
        Assert.Equal(["completed", "completed", "rolled_back"], await ColumnAsync($"select state from promotions order by id"));
        Assert.Equal(["errors since noon"], await ColumnAsync($"select reason from decisions where kind = 'rollback'"));

        // Not to the third, which was gone back from, but further.
        Assert.Equal("1", (await Yard.RollBackAsync(Yard.Bob)).Ok()["version"]!.GetValue<string>());
        Assert.Contains("nothing to go back to", Conflict(await Yard.RollBackAsync(Yard.Bob)), StringComparison.Ordinal);
        Assert.Equal("3", (await Yard.RollBackAsync(Yard.Bob, new { version = "3" })).Ok()["version"]!.GetValue<string>());
        Assert.Equal(3, (await ColumnAsync($"select seq from rollbacks")).Count);
    }

    [Promise]
    public async Task It_goes_back_to_no_version_that_never_served_or_serves_already()
    {
        var first = await ServedAsync();
        var never = await Yard.BuildAsync(0.95);

        Assert.Contains("was never in Production", Refused(await Yard.RollBackAsync(Yard.Bob, new { version = never.Version })), StringComparison.Ordinal);
        Conflict(await Yard.RollBackAsync(Yard.Bob, new { version = first.Version }));
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.RollBackAsync(Yard.Bob, new { version = "9" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Yard.RollBackAsync(Yard.Bob, new { stage = "Archived" })).Status);
        Assert.Equal("Production", await first.StageAsync());
    }

    [Promise]
    public async Task It_goes_back_to_no_version_that_was_revoked_deleted_or_altered()
    {
        var (altered, deleted, revoked, current) = (await ServedAsync(), await ServedAsync(), await ServedAsync(), await ServedAsync());
        (await revoked.RevokeAsync(Yard.Bob)).Ok();
        (await Yard.Bob.DeleteAsync("model-versions/delete", new { name = Yard.Model, version = deleted.Version })).Ok();
        await AlterFileAsync($"{altered.Folder}/model.bin", "poison");

        Assert.Contains("revoked: poisoned", Refused(await Yard.RollBackAsync(Yard.Bob, new { version = revoked.Version })), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.RollBackAsync(Yard.Bob, new { version = deleted.Version })).Status);
        Assert.Contains("were altered", Refused(await Yard.RollBackAsync(Yard.Bob)), StringComparison.Ordinal);
        Assert.Equal("Production", await current.StageAsync());

        // Of what one person is refused in a minute, one entry tells; the others are counted.
        Assert.Single(await ColumnAsync($"select seq from audit where action = 'version.rollback' and outcome = 'refused'"));
    }

    [Promise]
    public async Task It_takes_the_right_to_promote()
    {
        await ServedAsync();
        var current = await ServedAsync();

        Refused(await Yard.RollBackAsync(Yard.Dan));
        Refused(await Yard.RollBackAsync(Yard.Ann));
        Assert.Equal("Production", await current.StageAsync());
    }

    [Promise]
    public async Task Where_several_serve_the_newest_goes_and_the_one_before_it_has_the_alias_again()
    {
        await Yard.ApplyAsync(Yard.Pipeline.Replace("alias: champion", "alias: champion\n    archive_existing: false\n    limit: {versions: 2, oldest: archive}", StringComparison.Ordinal));
        var (first, second, third) = (await ServedAsync(), await ServedAsync(), await ServedAsync());
        Assert.Equal(["Archived", "Production", "Production"], [await first.StageAsync(), await second.StageAsync(), await third.StageAsync()]);

        Assert.Equal("2", (await Yard.RollBackAsync(Yard.Bob)).Ok()["version"]!.GetValue<string>());

        Assert.Equal(["Archived", "Production", "Archived"], [await first.StageAsync(), await second.StageAsync(), await third.StageAsync()]);
        Assert.Equal(["2"], await ColumnAsync($"select v.version from model_aliases a join model_versions v on v.id = a.version where a.alias = 'champion'"));
    }

    [Promise]
    public async Task It_takes_nothing_out_of_a_later_stage_unasked()
    {
        var serving = await ServedAsync();
        var staged = await Yard.BuildAsync(0.95);
        (await staged.TransitionAsync(Yard.Bob, "Staging")).Ok();

        Assert.Contains("nothing to go back to", Conflict(await Yard.RollBackAsync(Yard.Bob, new { stage = "Staging" })), StringComparison.Ordinal);
        Assert.Equal(["Production", "Staging"], [await serving.StageAsync(), await staged.StageAsync()]);

        (await Yard.RollBackAsync(Yard.Bob, new { stage = "Staging", version = serving.Version })).Ok();
        Assert.Equal(["Staging", "Archived"], [await serving.StageAsync(), await staged.StageAsync()]);
        Assert.Empty(await ColumnAsync($"select alias from model_aliases"));
    }

    [Promise]
    public async Task It_works_without_a_pipeline_too()
    {
        await Yard.CreateModelAsync("wine");
        var (first, second) = (await Yard.BuildAsync(0.1, "wine"), await Yard.BuildAsync(0.1, "wine"));
        (await first.TransitionAsync(Yard.Bob, "Production", archive: true)).Ok();
        (await second.TransitionAsync(Yard.Bob, "Production", archive: true)).Ok();

        Refused(await Yard.RollBackAsync(Yard.Ann, model: "wine"));
        (await Yard.RollBackAsync(Yard.Dan, model: "wine")).Ok();

        Assert.Equal(["Production", "Archived"], [await first.StageAsync(), await second.StageAsync()]);
    }

    [Promise]
    public async Task A_freeze_stops_what_enters_and_not_what_goes_back_or_leaves()
    {
        await ServedAsync();
        await ServedAsync();
        var version = await Yard.BuildAsync(0.95);
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        var promotion = await version.AskAsync();
        var freeze = (await FreezeAsync(Yard.Bob, new { models = Yard.Model, stage = "production", reason = "year's end" })).Ok();

        Assert.Equal("checking", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Assert.Contains("freeze is one of iris in Production: year's end", Refused(await version.TransitionAsync(Yard.Bob, "Production")), StringComparison.Ordinal);
        (await Yard.RollBackAsync(Yard.Bob)).Ok();
        Assert.Equal("Staging", await version.StageAsync());

        (await Yard.Bob.DeleteAsync($"{Crowd.Native}freezes/{freeze["id"]}")).Ok();
        await Yard.UntilAsync(promotion, "completed");
        Conflict(await Yard.Bob.DeleteAsync($"{Crowd.Native}freezes/{freeze["id"]}"));
        Assert.Equal(["freeze.set", "freeze.lift"], await ColumnAsync($"select action from audit where action like 'freeze.%' order by seq"));
    }

    [Promise]
    public async Task A_freeze_ends_by_itself_and_one_of_many_models_takes_an_admin()
    {
        var version = await Yard.BuildAsync(0.95);
        Refused(await FreezeAsync(Yard.Bob, new { models = "iris*", reason = "audit" }));
        Refused(await FreezeAsync(Yard.Dan, new { models = Yard.Model, reason = "audit" }));
        Assert.Equal(HttpStatusCode.BadRequest, (await FreezeAsync(Yard.Root, new { models = "iris*", reason = "audit", until = 5 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await FreezeAsync(Yard.Root, new { models = "iris*" })).Status);
        (await FreezeAsync(Yard.Root, new { models = "i*", reason = "audit", until = Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds() })).Ok();
        Assert.Single((await Yard.Dan.GetAsync(Crowd.Native + "freezes")).Ok()["freezes"]!.AsArray());
        var promotion = await version.AskAsync("Staging");

        Refused(await version.TransitionAsync(Yard.Root, "Staging"));
        Time.Advance(TimeSpan.FromHours(1));
        await Yard.UntilAsync(promotion, "completed");
        Assert.Empty((await Yard.Dan.GetAsync(Crowd.Native + "freezes")).Ok()["freezes"]!.AsArray());
        Assert.Single((await Yard.Dan.GetAsync(Crowd.Native + "freezes", ("all", "true"))).Ok()["freezes"]!.AsArray());
    }

    [Promise]
    public async Task Breaking_the_glass_passes_the_gates_for_those_to_whom_it_is_granted_and_stands_out()
    {
        var version = await Yard.BuildAsync(0.1);
        (await FreezeAsync(Yard.Root, new { models = Yard.Model, reason = "audit" })).Ok();
        Refused(await version.BreakGlassAsync(Yard.Bob, "Production"));
        Refused(await version.BreakGlassAsync(Yard.Root, "Production"));
        await Yard.GrantAsync("cleo", "break-glass");
        Assert.Equal(HttpStatusCode.BadRequest, (await version.BreakGlassAsync(Yard.Cleo, "Production", " ")).Status);

        (await version.BreakGlassAsync(Yard.Cleo, "Production", "the old one leaks")).Ok();

        Assert.Equal("Production", await version.StageAsync());
        Assert.Equal(["break-glass cleo the old one leaks"], await ColumnAsync($"select kind || ' ' || actor || ' ' || reason from decisions"));
        Assert.Contains("\"met\":false", Assert.Single(await ColumnAsync($"select gates from decisions")), StringComparison.Ordinal);
        Assert.Equal(["done", "refused", "refused"], await ColumnAsync($"select outcome from audit where action = 'version.break-glass' order by outcome"));
        Assert.Single(await ColumnAsync($"select topic from outbox where topic = 'version.break_glass'"));
    }

    [Promise]
    public async Task Breaking_the_glass_keeps_to_the_limit_and_breaks_nothing_where_there_is_none()
    {
        await Yard.ApplyAsync("""
            pipeline: iris
            models: iris
            stages:
              - name: Staging
                archive_existing: false
                limit: {versions: 1, oldest: refuse}
            """);
        await Yard.GrantAsync("cleo", "break-glass");
        var (first, second) = (await Yard.BuildAsync(0.1), await Yard.BuildAsync(0.1));
        (await first.TransitionAsync(Yard.Bob, "Staging")).Ok();

        (await second.BreakGlassAsync(Yard.Cleo, "Staging")).Ok();

        Assert.Equal(["Archived", "Staging"], [await first.StageAsync(), await second.StageAsync()]);
        Conflict(await second.BreakGlassAsync(Yard.Cleo, "Staging"));

        // There is no glass in front of Archived, and leaving a governed stage takes the right to promote.
        Refused(await second.BreakGlassAsync(Yard.Cleo, "Archived"));
        Assert.Equal("Staging", await second.StageAsync());
    }

    [Promise]
    public async Task What_is_revoked_enters_no_governed_stage_by_any_way()
    {
        var version = await Yard.BuildAsync(0.95);
        await Yard.GrantAsync("cleo", "break-glass");
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        var promotion = await version.AskAsync();

        Refused(await version.RevokeAsync(Yard.Dan));
        Assert.Equal(HttpStatusCode.BadRequest, (await version.RevokeAsync(Yard.Bob, "")).Status);
        (await version.RevokeAsync(Yard.Bob)).Ok();
        Conflict(await version.RevokeAsync(Yard.Bob));

        Assert.Equal("cancelled", State(await Yard.ShowAsync(promotion)));
        Assert.Equal("Staging", await version.StageAsync());
        Refused(await version.PromoteAsync(Yard.Bob, "Production"));
        (await version.TransitionAsync(Yard.Bob, "Archived")).Ok();
        Assert.Contains("revoked: poisoned", Refused(await version.TransitionAsync(Yard.Bob, "Staging")), StringComparison.Ordinal);
        Assert.Contains("revoked: poisoned", Refused(await version.BreakGlassAsync(Yard.Cleo, "Production")), StringComparison.Ordinal);
    }

    private static Task<WireReply> FreezeAsync(WireClient who, object request) => who.PostAsync(Crowd.Native + "freezes", request);

    private async Task<Built> ServedAsync() => await (await Yard.BuildAsync(0.95)).ServeAsync();
}

public sealed class RollbackOnSqlite() : RollbackContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RollbackOnPostgres() : RollbackContract(Fresh.PostgresAsync);
