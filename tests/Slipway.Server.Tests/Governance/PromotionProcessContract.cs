using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What the process promises that takes a version into a stage, whatever the database.</summary>
public abstract class PromotionProcessContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task It_waits_for_evidence_then_for_a_yes_and_then_goes_through_in_its_requester_s_name()
    {
        var version = await StagedAsync(0.87);
        var asked = (await version.PromoteAsync(Yard.Bob, "Production", justification: "rare species")).Ok();
        Assert.Equal(("checking", "bob", "rare species", true), (asked["state"]!.GetValue<string>(), asked["requester"]!.GetValue<string>(), asked["justification"]!.GetValue<string>(), asked["automatic"]!.GetValue<bool>()));
        var promotion = asked["id"]!.GetValue<long>();

        await version.LogAsync("accuracy", 0.93);
        await TickUntilAsync(promotion, "awaiting_approval");
        Assert.Equal("Staging", await version.StageAsync());

        Assert.Equal("completed", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Assert.Equal("Production", await version.StageAsync());
        Assert.Equal(["bob"], await ColumnAsync($"select actor from audit where action = 'promotion.complete'"));
        Assert.Equal(["Production promotion 1"], await ColumnAsync($"select stage || ' ' || kind || ' ' || promotion from decisions where kind = 'promotion'"));
        Assert.Equal(
            ["promotion.request", "promotion.check", "promotion.approve", "promotion.complete"],
            await ColumnAsync($"select action from audit where action like 'promotion.%' order by seq"));
        Assert.Equal(4, await CountEntriesAboutAsync(promotion));
    }

    [Promise]
    public async Task All_that_is_met_goes_through_at_once()
    {
        var version = await Yard.BuildAsync(0.95);

        Assert.Equal("completed", State(await version.PromoteAsync(Yard.Bob, "staging")));

        Assert.Equal("Staging", await version.StageAsync());
        Assert.Contains("is in Staging already", Conflict(await version.PromoteAsync(Yard.Bob, "Staging")), StringComparison.Ordinal);
    }

    [Promise]
    public async Task Its_requester_takes_it_back_or_somebody_who_may_promote()
    {
        var version = await StagedAsync(0.95);
        var (dans, bobs) = (await version.AskAsync(hold: true, who: Yard.Dan), 0L);
        Refused(await CancelAsync(Yard.Ann, dans));
        Assert.Equal("cancelled", State(await CancelAsync(Yard.Dan, dans)));
        bobs = await version.AskAsync();

        Refused(await CancelAsync(Yard.Dan, bobs));
        Assert.Equal("cancelled", State(await CancelAsync(Yard.Root, bobs)));
        Conflict(await CancelAsync(Yard.Root, bobs));
    }

    [Promise]
    public async Task Its_time_runs_out()
    {
        await Yard.ApplyAsync(Yard.Pipeline.Replace("alias: champion", "expires: 2d", StringComparison.Ordinal));
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();

        Time.Advance(TimeSpan.FromDays(3));
        await Yard.UntilAsync(promotion, "expired");

        Conflict(await Yard.ReviewAsync(Yard.Ann, promotion));
        Assert.NotEqual(promotion, await version.AskAsync());
    }

    [Promise]
    public async Task Asking_again_joins_what_is_under_way()
    {
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync(hold: true, who: Yard.Dan);

        Assert.Equal(promotion, await version.AskAsync(hold: true, who: Yard.Dan));
        Assert.Equal(promotion, await version.AskAsync());
        Assert.Equal("approved", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Assert.Equal("Staging", await version.StageAsync());
        Assert.Equal("completed", State(await version.PromoteAsync(Yard.Bob, "Production")));

        Assert.Equal(["bob"], await ColumnAsync($"select actor from audit where action = 'promotion.complete'"));
        Assert.Equal(["dan"], await ColumnAsync($"select requester_name from promotions"));
    }

    [Promise]
    public async Task What_is_held_is_completed_by_an_ordinary_client_s_transition()
    {
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync(hold: true, who: Yard.Dan);
        Refused(await version.TransitionAsync(Yard.Bob, "Production"));
        (await Yard.ReviewAsync(Yard.Ann, promotion)).Ok();

        Refused(await version.TransitionAsync(Yard.Dan, "Production"));
        (await version.TransitionAsync(Yard.Bob, "Production")).Ok();

        Assert.Equal("completed", State(await Yard.ShowAsync(promotion)));
        Assert.Equal(2, await CountEntriesAboutAsync(promotion) - 1);
    }

    [Promise]
    public async Task Whoever_may_not_promote_asks_for_others_to_do_it()
    {
        var version = await StagedAsync(0.95);

        Assert.Contains("--hold", Refused(await version.PromoteAsync(Yard.Dan, "Production")), StringComparison.Ordinal);
        Refused(await version.PromoteAsync(Yard.Ann, "Production", hold: true));
        await version.AskAsync(hold: true, who: Yard.Dan);
    }

    [Promise]
    public async Task A_requester_who_lost_the_right_fails_it()
    {
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();
        (await Yard.Root.DeleteAsync($"{Crowd.Native}models/{Yard.Model}/permissions", new { user = "bob", permission = "promote" })).Ok();

        Assert.Equal("failed", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Assert.Equal("Staging", await version.StageAsync());
    }

    [Promise]
    public async Task A_pipeline_may_ask_for_it_whenever_a_version_is_registered()
    {
        await Yard.ApplyAsync("""
            pipeline: iris
            models: iris
            stages:
              - name: Staging
                on_registration: true
                gates:
                  tests: [schema_test]
            """);
        var version = await Yard.BuildAsync(0.1);
        Assert.Equal(["Staging bob"], await ColumnAsync($"select stage || ' ' || requester_name from promotions"));
        Assert.Equal("None", await version.StageAsync());

        await version.PassAsync("schema_test");
        await Yard.UntilAsync(1, "completed");

        Assert.Equal("Staging", await version.StageAsync());
        Assert.Equal(["slipway"], await ColumnAsync($"select actor from audit where action = 'promotion.complete'"));
    }

    [Promise]
    public async Task Whatever_several_people_say_at_once_there_is_one_outcome()
    {
        for (var round = 0; round < 5; round++)
        {
            var version = await StagedAsync(0.95);
            var promotion = await version.AskAsync();

            var replies = await Task.WhenAll(
                Yard.ReviewAsync(Yard.Ann, promotion), Yard.ReviewAsync(Yard.Cleo, promotion, "rejected", "no"), Yard.ReviewAsync(Yard.Cleo, promotion),
                Yard.ReviewAsync(Yard.Ann, promotion, "rejected", "no"), CancelAsync(Yard.Bob, promotion));

            var state = State(await Yard.ShowAsync(promotion, Yard.Root));
            Assert.Contains(state, new[] { "completed", "rejected", "cancelled" });
            Assert.Equal(state == "completed" ? "Production" : "Staging", await version.StageAsync());
            Assert.All(replies, reply => Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, reply.Text));
        }
    }

    [Promise]
    public async Task It_is_listed_over_all_models_for_those_who_asked_and_those_who_are_to_approve()
    {
        await Yard.CreateModelAsync("iris-blue");
        var (one, other) = (await StagedAsync(0.95), await Yard.BuildAsync(0.95, "iris-blue"));
        (await other.TransitionAsync(Yard.Bob, "Staging")).Ok();
        var (first, second, early) = (await one.AskAsync(), await other.AskAsync(hold: true, who: Yard.Dan), await (await Yard.BuildAsync(0.95)).AskAsync());

        Assert.Equal([early, second, first], await ListAsync(Yard.Root));
        Assert.Equal([second, first], await ListAsync(Yard.Ann, ("for_me", "true")));
        Assert.Empty(await ListAsync(Yard.Bob, ("for_me", "true")));
        Assert.Equal([second], await ListAsync(Yard.Dan, ("mine", "true")));
        Assert.Equal([second], await ListAsync(Yard.Bob, ("model", "iris-blue")));
        Assert.Equal([early], await ListAsync(Yard.Bob, ("state", "checking")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Yard.Bob.GetAsync(Crowd.Native + "promotions", ("state", "lost"))).Status);
        var page = (await Yard.Bob.GetAsync(Crowd.Native + "promotions", ("limit", "2"))).Ok();
        Assert.Equal([first], await ListAsync(Yard.Bob, ("limit", "2"), ("cursor", page["next"]!.GetValue<string>())));

        await Yard.GrantAsync("ann", "NO_PERMISSIONS", "iris-blue");
        Assert.Equal([first], await ListAsync(Yard.Ann, ("for_me", "true")));
        Refused(await Yard.ShowAsync(second, Yard.Ann));
    }

    [Promise]
    public async Task Without_a_pipeline_there_is_nothing_to_ask_for()
    {
        await Yard.CreateModelAsync("wine");

        Assert.Contains("No pipeline applies to 'wine'", Conflict(await (await Yard.BuildAsync(0.9, "wine")).PromoteAsync(Yard.Bob, "Production")), StringComparison.Ordinal);
    }

    private static Task<WireReply> CancelAsync(WireClient who, long promotion) => who.PostAsync($"{Crowd.Native}promotions/{promotion}/cancel", new { reason = "changed my mind" });

    private static async Task<List<long>> ListAsync(WireClient who, params (string, string)[] query) =>
        [.. (await who.GetAsync(Crowd.Native + "promotions", query)).Ok()["promotions"]!.AsArray().Select(promotion => promotion!["id"]!.GetValue<long>())];

    private async Task<int> CountEntriesAboutAsync(long promotion)
    {
        var entries = await Database.ReadAsync(reader => reader.ListAsync($"select entry from audit", row => row.GetFieldValue<byte[]>(0), CancellationToken.None), CancellationToken.None);
        return entries.Count(entry => JsonNode.Parse(entry)!["promotion"]?.GetValue<string>() == promotion.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

public sealed class PromotionProcessOnSqlite() : PromotionProcessContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PromotionProcessOnPostgres() : PromotionProcessContract(Fresh.PostgresAsync);
