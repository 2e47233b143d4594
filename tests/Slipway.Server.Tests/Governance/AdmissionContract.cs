using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What every way into a governed stage promises, and every way out of it, whatever the database.</summary>
public abstract class AdmissionContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task A_transition_that_a_gate_forbids_is_refused_with_what_is_missing_and_is_on_record()
    {
        var version = await Yard.BuildAsync(0.8);

        var sentence = Refused(await version.TransitionAsync(Yard.Bob, "Production", archive: true));

        Assert.Contains("metric accuracy is 0.8, required at least 0.9", sentence, StringComparison.Ordinal);
        Assert.Contains("stage is None, required Staging", sentence, StringComparison.Ordinal);
        Assert.Contains("approvals is 0", sentence, StringComparison.Ordinal);
        Assert.Contains("slipway check iris 1 --to Production", sentence, StringComparison.Ordinal);
        Assert.Equal("None", await version.StageAsync());
        Assert.Equal(["refused"], await ColumnAsync($"select outcome from audit where action = 'version.transition'"));
        Assert.Empty(await ColumnAsync($"select version from transitions"));
        Assert.Empty(await ColumnAsync($"select version from decisions"));
    }

    [Promise]
    public async Task A_transition_whose_gates_are_met_leaves_its_grounds_behind()
    {
        var version = await Yard.BuildAsync(0.87);

        (await version.TransitionAsync(Yard.Bob, "staging")).Ok();

        Assert.Equal("Staging", await version.StageAsync());
        Assert.Equal(["Staging transition bob iris 1"], await ColumnAsync($"select stage || ' ' || kind || ' ' || actor || ' ' || pipeline || ' ' || pipeline_version from decisions"));
        var gates = Assert.Single(await ColumnAsync($"select gates from decisions"));
        Assert.Contains("\"gate\":\"metric accuracy\",\"met\":true,\"required\":\"at least 0.85\",\"measured\":\"0.87\"", gates, StringComparison.Ordinal);
        Assert.Contains($"\"evidence\":\"runs/{version.Run}\"", gates, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_stage_that_the_pipeline_lacks_is_told_apart_from_one_that_is_refused()
    {
        await Yard.ApplyAsync("""
            pipeline: iris
            models: iris
            stages:
              - name: Shadow
            """);
        var version = await Yard.BuildAsync(0.1);

        Assert.Equal(HttpStatusCode.BadRequest, (await version.TransitionAsync(Yard.Bob, "Production")).Status);
        (await version.TransitionAsync(Yard.Bob, "shadow", archive: true)).Ok();

        Assert.Equal("Shadow", await version.StageAsync());
    }

    [Promise]
    public async Task The_pipeline_s_archive_rule_wins_over_the_client_s_wish()
    {
        var (first, second) = (await Yard.BuildAsync(0.9), await Yard.BuildAsync(0.9));
        (await first.TransitionAsync(Yard.Bob, "Staging")).Ok();

        (await second.TransitionAsync(Yard.Bob, "Staging", archive: false)).Ok();
        Assert.Equal("Archived", await first.StageAsync());

        await Yard.ApplyAsync("""
            pipeline: iris
            models: iris
            stages:
              - name: Staging
                archive_existing: false
            """);
        (await first.TransitionAsync(Yard.Bob, "Staging", archive: true)).Ok();
        Assert.Equal(("Staging", "Staging"), (await first.StageAsync(), await second.StageAsync()));
    }

    [Promise]
    public async Task Beyond_its_limit_a_stage_lets_go_of_the_one_that_entered_first_or_refuses()
    {
        var versions = new List<Built>();
        for (var i = 0; i < 4; i++)
        {
            versions.Add(await Yard.BuildAsync(0.9));
        }

        await Yard.ApplyAsync(Limited("archive"));

        // The numbers say nothing: the second entered first.
        foreach (var version in new[] { versions[1], versions[0], versions[2] })
        {
            (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        }

        Assert.Equal("Archived", await versions[1].StageAsync());
        await Yard.ApplyAsync(Limited("refuse"));
        Assert.Contains("other versions in the stage is 2", Refused(await versions[3].TransitionAsync(Yard.Bob, "Staging")), StringComparison.Ordinal);
        Assert.Equal(["1", "3"], await ColumnAsync($"select version from model_versions where stage = 'Staging' order by version"));
    }

    [Promise]
    public async Task A_bound_alias_is_a_way_into_its_stage_and_has_its_gates()
    {
        var version = await Yard.BuildAsync(0.95);

        Assert.Contains("stage is None, required Staging", Refused(await SetAliasAsync(Yard.Bob, version)), StringComparison.Ordinal);
        Refused(await SetAliasAsync(Yard.Dan, version));
        Assert.Empty(await ColumnAsync($"select alias from model_aliases"));

        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        var promotion = await version.AskAsync(hold: true);
        Assert.Equal("approved", State(await Yard.ReviewAsync(Yard.Ann, promotion)));
        (await SetAliasAsync(Yard.Bob, version)).Ok();

        Assert.Equal("Production", await version.StageAsync());
        Assert.Equal("completed", State(await Yard.ShowAsync(promotion)));
        Assert.Equal(["alias"], await ColumnAsync($"select kind from decisions where stage = 'Production'"));
        Assert.Equal(["1"], await ColumnAsync($"select version from model_aliases where alias = 'champion'"));
        (await Yard.Dan.PostAsync("registered-models/alias", new { name = Yard.Model, alias = "free", version = version.Version })).Ok();
    }

    [Promise]
    public async Task A_bound_alias_follows_who_enters_and_who_remains()
    {
        var (first, second) = (await (await Yard.BuildAsync(0.95)).ServeAsync(), await Yard.BuildAsync(0.95));
        Assert.Equal(first.Version, await ChampionAsync());

        await second.ServeAsync();
        Assert.Equal(second.Version, await ChampionAsync());

        Refused(await Yard.Dan.DeleteAsync("registered-models/alias", new { name = Yard.Model, alias = "champion" }));
        (await second.TransitionAsync(Yard.Bob, "Archived")).Ok();
        Assert.Null(await ChampionAsync());
    }

    [Promise]
    public async Task Out_of_a_governed_stage_it_takes_the_right_to_promote()
    {
        var version = await (await Yard.BuildAsync(0.95)).ServeAsync();

        Refused(await version.TransitionAsync(Yard.Dan, "Archived"));
        Refused(await version.TransitionAsync(Yard.Dan, "Staging"));
        Assert.Equal("Production", await version.StageAsync());
        (await version.TransitionAsync(Yard.Bob, "Archived")).Ok();
        (await version.TransitionAsync(Yard.Dan, "None")).Ok();
    }

    [Promise]
    public async Task Whoever_edits_may_promote_only_where_no_pipeline_applies()
    {
        await Yard.CreateModelAsync("wine");
        var (governed, free) = (await Yard.BuildAsync(0.95), await Yard.BuildAsync(0.1, "wine"));

        Refused(await governed.TransitionAsync(Yard.Dan, "Staging"));
        Refused(await free.TransitionAsync(Yard.Ann, "Production"));
        (await free.TransitionAsync(Yard.Dan, "Production")).Ok();
        (await governed.TransitionAsync(Yard.Root, "Staging")).Ok();
    }

    [Promise]
    public async Task A_stage_s_group_may_promote_into_it_and_into_no_other()
    {
        await Yard.ApplyAsync("""
            pipeline: iris
            models: iris
            stages:
              - name: Staging
                promoters: leads
              - name: Production
            """);
        var version = await Yard.BuildAsync(0.1);

        (await version.TransitionAsync(Yard.Ann, "Staging")).Ok();
        Refused(await version.TransitionAsync(Yard.Ann, "Production"));
        (await version.TransitionAsync(Yard.Cleo, "Archived")).Ok();
    }

    private static string Limited(string oldest) => $$"""
        pipeline: iris
        models: iris
        stages:
          - name: Staging
            archive_existing: false
            limit: {versions: 2, oldest: {{oldest}}}
        """;

    private static Task<WireReply> SetAliasAsync(WireClient who, Built version) =>
        who.PostAsync("registered-models/alias", new { name = version.Model, alias = "champion", version = version.Version });

    private async Task<string?> ChampionAsync()
    {
        var reply = await Yard.Root.GetAsync("registered-models/alias", ("name", Yard.Model), ("alias", "champion"));
        return reply.Status == HttpStatusCode.OK ? reply.Ok()["model_version"]!["version"]!.GetValue<string>() : null;
    }
}

public sealed class AdmissionOnSqlite() : AdmissionContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AdmissionOnPostgres() : AdmissionContract(Fresh.PostgresAsync);
