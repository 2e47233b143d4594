using System.Net;
using Slipway.Server.Tests.Governance;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What people meet in front of a stage that is served, whatever the database.</summary>
public abstract class ServedStageContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    // Nothing is to be started here, so that what is begun stays under way.
    protected override Action<ServerOptions>? Configure => options => options.Gateways = false;

    [Promise]
    public async Task What_one_person_holds_another_lets_go_into_the_environment()
    {
        await ServeAsync("Staging");
        var version = await Yard.BuildAsync(0.9);
        var promotion = await version.AskAsync("Staging", hold: true, who: Yard.Dan);
        Assert.Equal("approved", State(await Yard.ShowAsync(promotion)));

        Assert.Equal("deploying", State(await version.PromoteAsync(Yard.Bob, "Staging")));

        Assert.Equal(["under_way rollout.begin bob"], await ColumnAsync($"select r.state || ' ' || a.action || ' ' || a.actor from rollouts r join audit a on a.action = 'rollout.begin'"));
        Assert.Equal("None", await version.StageAsync());
    }

    [Promise]
    public async Task A_promotion_that_is_deployed_stays_so_until_the_environment_has_done()
    {
        await ServeAsync("Staging");
        var version = await Yard.BuildAsync(0.9);
        var promotion = await version.AskAsync("Staging");
        await TickUntilAsync(promotion, "deploying");

        // Worse evidence stops it at its end, not on the way; whoever asks again joins.
        await version.LogAsync("accuracy", 0.1);
        Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(promotion, await version.AskAsync("Staging"));
        Assert.Equal("deploying", State(await Yard.ShowAsync(promotion)));

        (await Yard.Bob.PostAsync($"{Crowd.Native}promotions/{promotion}/cancel", new { reason = "no" })).Ok();
        Assert.Equal("cancelled", State(await Yard.ShowAsync(promotion)));
    }

    [Promise]
    public async Task An_alias_is_no_way_around_and_breaking_the_glass_is_on_record()
    {
        await Yard.ApplyAsync("pipeline: iris\nmodels: iris\nstages: [{name: Staging}, {name: Production, alias: champion}]");
        await ServeAsync("Production");
        var version = await Yard.BuildAsync(0.95);

        var alias = await Yard.Bob.PostAsync("registered-models/alias", new { name = version.Model, alias = "champion", version = version.Version });
        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), (alias.Status, alias.ErrorCode));
        Assert.Contains("it changes when version 1 serves", alias.Message, StringComparison.Ordinal);

        await Yard.GrantAsync("bob", "break-glass");
        (await version.BreakGlassAsync(Yard.Bob, "Production")).Ok();
        Assert.Equal("Production", await version.StageAsync());
    }

    [Promise]
    public async Task Who_may_not_promote_may_not_end_a_rollout_either()
    {
        await ServeAsync("Staging");
        var version = await Yard.BuildAsync(0.9);
        await TickUntilAsync(await version.AskAsync("Staging"), "deploying");

        Refused(await Yard.RollBackAsync(Yard.Dan, new { stage = "Staging" }));

        Assert.Equal(["under_way"], await ColumnAsync($"select state from rollouts"));
        (await Yard.RollBackAsync(Yard.Bob, new { stage = "Staging", reason = "enough" })).Ok();
        Assert.Equal(["rolled_back enough"], await ColumnAsync($"select state || ' ' || reason from rollouts"));
    }

    private async Task ServeAsync(string stage) =>
        (await Yard.Root.PostAsync(Crowd.Native + "environments", new { text = $"environment: live\nstage: {stage}\nmodels: '*'\nlisten: 127.0.0.1:0" })).Ok();
}

public sealed class ServedStageOnSqlite() : ServedStageContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ServedStageOnPostgres() : ServedStageContract(Fresh.PostgresAsync);
