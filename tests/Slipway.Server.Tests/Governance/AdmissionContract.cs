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

    [Promise]
    public async Task What_is_or_was_in_a_governed_stage_is_deleted_by_promoters_only()
    {
        var (never, once) = (await Yard.BuildAsync(0.95), await Yard.BuildAsync(0.95));
        await Yard.GrantAsync("dan", "MANAGE");
        (await once.TransitionAsync(Yard.Bob, "Staging")).Ok();
        (await once.TransitionAsync(Yard.Bob, "Archived")).Ok();

        Refused(await DeleteAsync(Yard.Dan, once));
        Refused(await Yard.Dan.DeleteAsync("registered-models/delete", new { name = Yard.Model }));
        (await DeleteAsync(Yard.Dan, never)).Ok();
        (await Yard.Bob.DeleteAsync("registered-models/delete", new { name = Yard.Model })).Ok();

        Assert.Empty(await ColumnAsync($"select path from version_roots"));
    }

    [Promise]
    public async Task A_model_that_is_made_anew_brings_nothing_along()
    {
        var old = await Yard.BuildAsync(0.95);
        (await old.TransitionAsync(Yard.Bob, "Staging")).Ok();
        var promotion = await old.AskAsync(hold: true);
        (await Yard.ReviewAsync(Yard.Ann, promotion)).Ok();

        (await Yard.Bob.DeleteAsync("registered-models/delete", new { name = Yard.Model })).Ok();
        await Yard.CreateModelAsync(Yard.Model);
        var again = await old.RegisterAsync();

        Assert.Equal(old.Version, again.Version);
        Assert.Contains("approvals is 0", Refused(await again.TransitionAsync(Yard.Bob, "Production")), StringComparison.Ordinal);
        Assert.Equal(["cancelled"], await ColumnAsync($"select state from promotions"));
    }

    [Promise]
    public async Task A_rename_brings_nothing_into_the_stages_of_another_pipeline()
    {
        await Yard.CreateModelAsync("wine");
        var wine = await Yard.BuildAsync(0.1, "wine");
        (await wine.TransitionAsync(Yard.Bob, "Production")).Ok();
        (await Yard.Bob.PostAsync("registered-models/alias", new { name = "wine", alias = "champion", version = "1" })).Ok();
        (await Yard.Bob.PostAsync("model-versions/set-tag", new { name = "wine", version = "1", key = "production_approved", value = "true" })).Ok();

        Assert.Contains("version 1 is in Production", Refused(await RenameAsync(Yard.Bob, "wine", "iris-red")), StringComparison.Ordinal);
        (await wine.TransitionAsync(Yard.Bob, "Archived")).Ok();
        (await RenameAsync(Yard.Bob, "wine", "iris-red")).Ok();

        Assert.Empty(await ColumnAsync($"select alias from model_aliases"));
        Assert.Null(await (wine with { Model = "iris-red" }).TagAsync("production_approved"));
        Assert.Equal(HttpStatusCode.Conflict, (await Yard.RollBackAsync(Yard.Bob, model: "iris-red")).Status);
        Assert.Contains("was never in Production", Refused(await Yard.RollBackAsync(Yard.Bob, new { version = "1" }, "iris-red")), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_rename_out_of_a_pipeline_takes_the_right_to_promote()
    {
        var version = await Yard.BuildAsync(0.95);
        var promotion = await version.AskAsync("Staging", hold: true);

        Refused(await RenameAsync(Yard.Dan, Yard.Model, "wine"));
        (await RenameAsync(Yard.Dan, Yard.Model, "iris-blue")).Ok();
        Assert.Equal("approved", State(await Yard.ShowAsync(promotion)));
        (await RenameAsync(Yard.Bob, "iris-blue", "wine")).Ok();
        Assert.Equal("cancelled", State(await Yard.ShowAsync(promotion)));
    }

    [Promise]
    public async Task The_tags_that_show_approvals_can_t_be_forged()
    {
        var version = await Yard.BuildAsync(0.95);
        foreach (var key in new[] { "approval_request", "production_approved" })
        {
            var sentence = Refused(await Yard.Root.PostAsync("model-versions/set-tag", new { name = Yard.Model, version = version.Version, key, value = "true" }));
            Assert.Contains("slipway approve iris", sentence, StringComparison.Ordinal);
            Refused(await Yard.Root.DeleteAsync("model-versions/delete-tag", new { name = Yard.Model, version = version.Version, key }));
            Refused(await Yard.Bob.PostAsync("model-versions/create", new { name = Yard.Model, source = "s3://bucket/model", tags = new[] { new { key, value = "true" } } }));
        }

        (await Yard.Bob.PostAsync("model-versions/set-tag", new { name = Yard.Model, version = version.Version, key = "team", value = "petals" })).Ok();
        Assert.Equal(["1"], await ColumnAsync($"select version from model_versions"));
    }

    [Promise]
    public async Task Files_of_a_governed_version_can_t_be_written_or_deleted()
    {
        var version = await Yard.BuildAsync(0.95);
        const string artifacts = "/api/2.0/mlflow-artifacts/artifacts/";

        Assert.Contains("belongs to version 1 of 'iris'", Refused(await Yard.Bob.SendAsync(HttpMethod.Put, version.FilePath, new StringContent("others"))), StringComparison.Ordinal);
        Refused(await Yard.Bob.SendAsync(HttpMethod.Put, $"{artifacts}{version.Folder}/more.bin", new StringContent("others")));
        Refused(await Yard.Bob.DeleteAsync(version.FilePath));
        Refused(await Yard.Bob.DeleteAsync(artifacts + version.Folder));
        Refused(await Yard.Bob.DeleteAsync(artifacts + version.Folder.Replace("/artifacts/model", "", StringComparison.Ordinal)));
        Refused(await Yard.Bob.SendAsync(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={version.Run}&path=model/model.bin", new StringContent("others")));
        Assert.Equal(HttpStatusCode.OK, (await Yard.Bob.SendAsync(HttpMethod.Put, $"{artifacts}{version.Folder}s/model.bin", new StringContent("neighbours"))).Status);

        Assert.Equal($"weights of {version.Run}", (await Yard.Bob.GetAsync(version.FilePath)).Text);
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
    }

    [Promise]
    public async Task Files_that_change_behind_the_server_s_back_are_noticed()
    {
        var version = await Yard.BuildAsync(0.95);
        await File.WriteAllTextAsync(Path.Join(Place.Folder, "artifacts", "files", version.Folder, "model.bin"), "poison");

        Assert.Contains("artifacts is files that were altered since", Refused(await version.TransitionAsync(Yard.Bob, "Staging")), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_source_that_the_server_does_not_hold_enters_no_governed_stage()
    {
        (await Yard.Bob.PostAsync("model-versions/create", new { name = Yard.Model, source = "s3://bucket/model" })).Ok();

        var reply = await Yard.Bob.PostAsync("model-versions/transition-stage", new { name = Yard.Model, version = "1", stage = "Staging" });

        Assert.Contains("artifacts is files that the server does not hold", Refused(reply), StringComparison.Ordinal);
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

    private static Task<WireReply> DeleteAsync(WireClient who, Built version) => who.DeleteAsync("model-versions/delete", new { name = version.Model, version = version.Version });

    private static Task<WireReply> RenameAsync(WireClient who, string name, string next) => who.PostAsync("registered-models/rename", new { name, new_name = next });

    private async Task<string?> ChampionAsync()
    {
        var reply = await Yard.Root.GetAsync("registered-models/alias", ("name", Yard.Model), ("alias", "champion"));
        return reply.Status == HttpStatusCode.OK ? reply.Ok()["model_version"]!["version"]!.GetValue<string>() : null;
    }
}

public sealed class AdmissionOnSqlite() : AdmissionContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AdmissionOnPostgres() : AdmissionContract(Fresh.PostgresAsync);
