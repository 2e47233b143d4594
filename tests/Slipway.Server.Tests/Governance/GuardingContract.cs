using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What governs versions can't be got around by deleting, renaming, forging or overwriting.</summary>
public abstract class GuardingContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task What_is_or_was_in_a_governed_stage_is_deleted_by_promoters_only()
    {
        var (never, once) = (await Yard.BuildAsync(0.95), await Yard.BuildAsync(0.95));
        await Yard.GrantAsync("dan", "MANAGE");
        (await once.TransitionAsync(Yard.Bob, "Staging")).Ok();
        (await once.TransitionAsync(Yard.Bob, "Archived")).Ok();

        Refused(await once.DeleteAsync(Yard.Dan));
        Refused(await Yard.Dan.DeleteAsync("registered-models/delete", new { name = Yard.Model }));
        (await never.DeleteAsync(Yard.Dan)).Ok();
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
        await AlterFileAsync($"{version.Folder}/model.bin", "poison");

        Assert.Contains("artifacts is files that were altered since", Refused(await version.TransitionAsync(Yard.Bob, "Staging")), StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_source_that_the_server_does_not_hold_enters_no_governed_stage()
    {
        (await Yard.Bob.PostAsync("model-versions/create", new { name = Yard.Model, source = "s3://bucket/model" })).Ok();

        var reply = await Yard.Bob.PostAsync("model-versions/transition-stage", new { name = Yard.Model, version = "1", stage = "Staging" });

        Assert.Contains("artifacts is files that the server does not hold", Refused(reply), StringComparison.Ordinal);
    }

    private static Task<WireReply> RenameAsync(WireClient who, string name, string next) => who.PostAsync("registered-models/rename", new { name, new_name = next });
}

public sealed class GuardingOnSqlite() : GuardingContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class GuardingOnPostgres() : GuardingContract(Fresh.PostgresAsync);
