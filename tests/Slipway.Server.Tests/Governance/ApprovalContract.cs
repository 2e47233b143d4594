using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>Who says yes or no to a promotion, to what, and how long it holds.</summary>
public abstract class ApprovalContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
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

    private static string TwoOfLeads => Yard.Pipeline.Replace("{count: 1, group: leads}", "{count: 2, group: leads}", StringComparison.Ordinal);

    /// <summary>Whether Ann's yes has lapsed, and how many count.</summary>
    private async Task<(bool Lapsed, string Counted)> AnnsAsync(long promotion)
    {
        var shown = (await Yard.ShowAsync(promotion, Yard.Root)).Ok();
        return (shown["approvals"]![0]!["lapsed"]!.GetValue<bool>(), shown["gates"]!.AsArray().Single(gate => gate!["gate"]!.GetValue<string>() == "approvals")!["measured"]!.GetValue<string>());
    }
}

public sealed class ApprovalOnSqlite() : ApprovalContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ApprovalOnPostgres() : ApprovalContract(Fresh.PostgresAsync);
