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
    public async Task Nobody_approves_before_all_but_approvals_and_time_is_there()
    {
        var version = await StagedAsync(0.87);
        var promotion = await version.AskAsync();

        Assert.Contains("metric accuracy is 0.87, required at least 0.9", Refused(await Yard.ReviewAsync(Yard.Ann, promotion)), StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select verdict from approvals"));
    }

    [Promise]
    public async Task A_yes_may_be_given_before_the_time_is_over_and_time_alone_lets_it_through()
    {
        await Yard.ApplyAsync(Yard.Pipeline.Replace("previous_stage: Staging", "previous_stage: Staging\n      time_in_previous_stage: 24h", StringComparison.Ordinal));
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();

        Assert.Equal("checking", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("Staging", await version.StageAsync());
        Time.Advance(TimeSpan.FromHours(1));
        await Yard.UntilAsync(promotion, "completed");
        Assert.Equal("Production", await version.StageAsync());
    }

    [Promise]
    public async Task Only_those_say_yes_whom_the_pipeline_names_and_never_who_asked()
    {
        await Yard.GrantAsync("bob", "approve");
        await Yard.GrantAsync("dan", "approve");
        var promotion = await (await StagedAsync(0.95)).AskAsync();

        Assert.Contains("nobody reviews what they asked for", Refused(await Yard.ReviewAsync(Yard.Bob, promotion)), StringComparison.Ordinal);
        Assert.Contains("dan is not in the group leads", Refused(await Yard.ReviewAsync(Yard.Dan, promotion)), StringComparison.Ordinal);
        Assert.Contains("root is not in the group leads", Refused(await Yard.ReviewAsync(Yard.Root, promotion)), StringComparison.Ordinal);
        Assert.Contains("nobody reviews what they asked for", Refused(await Yard.ReviewAsync(Yard.Bob, promotion, "rejected")), StringComparison.Ordinal);

        // One entry a minute for each person; the others are counted.
        Assert.Equal(3, (await ColumnAsync($"select seq from audit where outcome = 'refused' and action like 'promotion.%'")).Count);
    }

    [Promise]
    public async Task Without_a_group_those_say_yes_to_whom_it_is_granted_and_no_admin_without()
    {
        await Yard.ApplyAsync(Yard.Pipeline.Replace("{count: 1, group: leads}", "{count: 1}", StringComparison.Ordinal));
        var promotion = await (await StagedAsync(0.95)).AskAsync();

        Refused(await Yard.ReviewAsync(Yard.Root, promotion));
        Refused(await Yard.ReviewAsync(Yard.Ann, promotion));
        await Yard.GrantAsync("dan", "approve");
        Assert.Equal("completed", State(await Yard.ReviewAsync(Yard.Dan, promotion)));
    }

    [Promise]
    public async Task A_service_says_yes_only_where_the_pipeline_takes_it()
    {
        var service = await Yard.Root.AddAsync("ci", new { name = "ci", kind = "service" });
        service = Crowd.Anew(service).Bearing(await Yard.Root.TokenAsync("ci"));
        await Yard.GrantAsync("ci", "approve");
        await Yard.ApplyAsync(Yard.Pipeline.Replace("{count: 1, group: leads}", "{count: 1}", StringComparison.Ordinal));
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();

        Assert.Contains("ci is a service", Refused(await Yard.ReviewAsync(service, promotion)), StringComparison.Ordinal);
        await Yard.ApplyAsync(Yard.Pipeline.Replace("{count: 1, group: leads}", "{count: 1, services: true}", StringComparison.Ordinal));
        Assert.Equal("completed", State(await Yard.ReviewAsync(service, promotion)));
    }

    [Promise]
    public async Task Each_person_counts_once()
    {
        await Yard.ApplyAsync(TwoOfLeads);
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();

        Assert.Equal("awaiting_approval", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        Assert.Contains("already", Conflict(await Yard.ReviewAsync(Yard.Ann, promotion)), StringComparison.Ordinal);
        Assert.Equal("Staging", await version.StageAsync());
        Assert.Equal("completed", State(await Yard.ReviewAsync(Yard.Cleo, promotion)));
    }

    [Promise]
    public async Task A_yes_lapses_with_its_evidence_and_not_by_an_equal_value()
    {
        await Yard.ApplyAsync(TwoOfLeads);
        var version = await StagedAsync(0.95);
        var promotion = await version.AskAsync();
        (await Yard.ReviewAsync(Yard.Ann, promotion)).Ok();

        await version.LogAsync("accuracy", 0.95);
        await version.LogAsync("something_else", 1);
        Assert.Equal((false, "1"), await AnnsAsync(promotion));
        await version.LogAsync("accuracy", 0.96);
        Assert.Equal((true, "0"), await AnnsAsync(promotion));

        Assert.Equal("awaiting_approval", State(await Yard.ReviewAsync(Yard.Cleo, promotion)));
        Assert.Equal("completed", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
    }

    [Promise]
    public async Task A_yes_lapses_with_the_pipeline_that_it_was_given_under_and_with_the_right_to_give_it()
    {
        await Yard.ApplyAsync(TwoOfLeads);
        var promotion = await (await StagedAsync(0.95)).AskAsync();
        (await Yard.ReviewAsync(Yard.Ann, promotion)).Ok();

        (await Yard.Root.DeleteAsync($"{Crowd.Native}groups/leads/members/ann")).Ok();
        Assert.Equal((false, "0"), await AnnsAsync(promotion));
        (await Yard.Root.PostAsync($"{Crowd.Native}groups/leads/members", new { user = "ann" })).Ok();
        Assert.Equal((false, "1"), await AnnsAsync(promotion));
        await Yard.ApplyAsync(TwoOfLeads + "\ndescription: again");
        Assert.Equal((true, "0"), await AnnsAsync(promotion));
    }

    [Promise]
    public async Task A_no_ends_it_and_the_version_stays_or_is_archived_as_the_pipeline_says()
    {
        var version = await StagedAsync(0.5, "0.4");
        var promotion = await version.AskAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await Yard.ReviewAsync(Yard.Ann, promotion, "rejected", "")).Status);

        var rejected = (await Yard.ReviewAsync(Yard.Ann, promotion, "rejected", "worse on rare species")).Ok();

        Assert.Equal(("rejected", "worse on rare species"), (rejected["state"]!.GetValue<string>(), rejected["reason"]!.GetValue<string>()));
        Assert.Equal("Staging", await version.StageAsync());
        Assert.Contains("is rejected", Conflict(await Yard.ReviewAsync(Yard.Cleo, promotion)), StringComparison.Ordinal);

        await Yard.ApplyAsync(Yard.Pipeline.Replace("alias: champion", "on_rejection: archive", StringComparison.Ordinal));
        (await Yard.ReviewAsync(Yard.Ann, await version.AskAsync(), "rejected", "still worse")).Ok();
        Assert.Equal("Archived", await version.StageAsync());
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
    public async Task Readers_of_MLflow_s_tags_see_where_it_stands()
    {
        var version = await StagedAsync(0.95);
        var promotion = (await version.PromoteAsync(Yard.Bob, "Production", hold: true, justification: "Improved accuracy by 5%")).Ok()["id"]!.GetValue<long>();
        var pending = JsonNode.Parse((await version.TagAsync("approval_request"))!)!.AsObject();
        Assert.Equal(["status", "requester", "justification", "requested_at", "approved_by", "approved_at"], pending.Select(field => field.Key));
        Assert.Equal(("pending", "bob", "Improved accuracy by 5%", "2026-01-01T00:00:00.000+00:00"), (Text(pending["status"]), Text(pending["requester"]), Text(pending["justification"]), Text(pending["requested_at"])));
        Assert.Null(pending["approved_by"]);

        (await Yard.ReviewAsync(Yard.Ann, promotion, comment: "ship it")).Ok();
        var approved = JsonNode.Parse((await version.TagAsync("approval_request"))!)!;
        Assert.Equal(("approved", "ann", "ship it"), (Text(approved["status"]), Text(approved["approved_by"]), Text(approved["comments"])));
        Assert.Equal("true", await version.TagAsync("production_approved"));

        await version.LogAsync("accuracy", 0.97);
        await TickUntilAsync(promotion, "awaiting_approval");
        Assert.Equal("pending", Text(JsonNode.Parse((await version.TagAsync("approval_request"))!)!["status"]));
        Assert.Null(await version.TagAsync("production_approved"));

        (await Yard.ReviewAsync(Yard.Cleo, promotion, "rejected", "too late")).Ok();
        var rejected = JsonNode.Parse((await version.TagAsync("approval_request"))!)!;
        Assert.Equal(("rejected", "cleo", "too late"), (Text(rejected["status"]), Text(rejected["reviewed_by"]), Text(rejected["rejection_reason"])));
        Assert.NotNull(rejected["reviewed_at"]);
    }

    [Promise]
    public async Task Without_a_pipeline_there_is_nothing_to_ask_for()
    {
        await Yard.CreateModelAsync("wine");

        Assert.Contains("No pipeline applies to 'wine'", Conflict(await (await Yard.BuildAsync(0.9, "wine")).PromoteAsync(Yard.Bob, "Production")), StringComparison.Ordinal);
    }

    private static string TwoOfLeads => Yard.Pipeline.Replace("{count: 1, group: leads}", "{count: 2, group: leads}", StringComparison.Ordinal);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static Task<WireReply> CancelAsync(WireClient who, long promotion) => who.PostAsync($"{Crowd.Native}promotions/{promotion}/cancel", new { reason = "changed my mind" });

    private static async Task<List<long>> ListAsync(WireClient who, params (string, string)[] query) =>
        [.. (await who.GetAsync(Crowd.Native + "promotions", query)).Ok()["promotions"]!.AsArray().Select(promotion => promotion!["id"]!.GetValue<long>())];

    /// <summary>A version in Staging, of this accuracy.</summary>
    private async Task<Built> StagedAsync(double accuracy, string? bound = null)
    {
        if (bound is not null)
        {
            await Yard.ApplyAsync(Yard.Pipeline.Replace("0.85", bound, StringComparison.Ordinal));
        }

        var version = await Yard.BuildAsync(accuracy);
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        return version;
    }

    /// <summary>Whether Ann's yes has lapsed, and how many count.</summary>
    private async Task<(bool Lapsed, string Counted)> AnnsAsync(long promotion)
    {
        var shown = (await Yard.ShowAsync(promotion, Yard.Root)).Ok();
        return (shown["approvals"]![0]!["lapsed"]!.GetValue<bool>(), shown["gates"]!.AsArray().Single(gate => gate!["gate"]!.GetValue<string>() == "approvals")!["measured"]!.GetValue<string>());
    }

    // What metrics change is found by the next look of the clock's timer.
    private async Task TickUntilAsync(long promotion, string state)
    {
        var id = promotion;
        while ((await ColumnAsync($"select state from promotions where id = {id}")) is not [var kept] || kept != state)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }
    }

    private async Task<int> CountEntriesAboutAsync(long promotion)
    {
        var entries = await Database.ReadAsync(reader => reader.ListAsync($"select entry from audit", row => row.GetFieldValue<byte[]>(0), CancellationToken.None), CancellationToken.None);
        return entries.Count(entry => JsonNode.Parse(entry)!["promotion"]?.GetValue<string>() == promotion.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

public sealed class PromotionProcessOnSqlite() : PromotionProcessContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PromotionProcessOnPostgres() : PromotionProcessContract(Fresh.PostgresAsync);
