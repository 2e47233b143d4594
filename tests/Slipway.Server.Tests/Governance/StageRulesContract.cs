using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What stages promise that have rules about where a version comes from and who has to leave, whatever the database.</summary>
public abstract class StageRulesContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    private const string TwoStages = """
        pipeline: p
        models: "*"
        stages:
          - name: Staging
            archive_existing: false
          - name: Production
            gates: {previous_stage: Staging, time_in_previous_stage: 24h}
        """;

    [Promise]
    public async Task Time_in_the_stage_before_is_read_from_transitions()
    {
        await CreateModelAsync("iris");
        await ApplyAsync(TwoStages);
        var version = await AddVersionAsync("iris");
        var never = await CheckAsync("iris", version);
        Assert.Equal(("None", "not in it"), (Measured(Gate(never, "stage")), Measured(Gate(never, "time in Staging"))));
        Assert.Null(never["met_at"]);

        // A tag that says so is nothing.
        await TagAsync("iris", version, "staging_timestamp", "2020-01-01T00:00:00");
        await MoveAsync("iris", version, "Staging");
        var enteredAt = Time.GetUtcNow().ToUnixTimeMilliseconds();
        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        var waiting = await CheckAsync("iris", version);
        Assert.Equal((true, false), (IsMet(Gate(waiting, "stage")), waiting["met"]!.GetValue<bool>()));
        Assert.Equal(enteredAt + 24 * 3600 * 1000, waiting["met_at"]!.GetValue<long>());

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await CheckAsync("iris", version))["met"]!.GetValue<bool>());

        // Going through it again begins anew.
        await MoveAsync("iris", version, "Archived");
        Assert.False(IsMet(Gate(await CheckAsync("iris", version), "stage")));
        await MoveAsync("iris", version, "Staging");
        Assert.False(IsMet(Gate(await CheckAsync("iris", version), "time in Staging")));
    }

    [Promise]
    public async Task A_semantic_version_is_unique_and_above_all_that_are_or_were_in_the_stage()
    {
        const string gate = "semantic version in the tag model_version";
        await CreateModelAsync("iris");
        await ApplyAsync("pipeline: p\nmodels: \"*\"\nstages: [{name: Production, gates: {semantic_version: {tag: model_version}}}]");
        var versions = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            versions.Add(await AddVersionAsync("iris"));
        }

        Assert.Equal("not set", Measured(Gate(await CheckAsync("iris", versions[0]), gate)));
        foreach (var wrong in new[] { "1", "1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.-3", "1.2.3.4", " 1.2.3" })
        {
            await TagAsync("iris", versions[0], "model_version", wrong);
            Assert.False(IsMet(Gate(await CheckAsync("iris", versions[0]), gate)), wrong);
        }

        await TagAsync("iris", versions[0], "model_version", "1.9.0");
        Assert.True(IsMet(Gate(await CheckAsync("iris", versions[0]), gate)));
        await MoveAsync("iris", versions[0], "Production");
        await MoveAsync("iris", versions[0], "Archived");

        await TagAsync("iris", versions[1], "model_version", "1.9.0");
        Assert.Equal("one that version 1 does not have", Gate(await CheckAsync("iris", versions[1]), gate)["required"]!.GetValue<string>());
        await TagAsync("iris", versions[1], "model_version", "1.8.99");
        Assert.Equal("above 1.9.0 of version 1", Gate(await CheckAsync("iris", versions[1]), gate)["required"]!.GetValue<string>());
        await TagAsync("iris", versions[1], "model_version", "1.10.0");
        Assert.True(IsMet(Gate(await CheckAsync("iris", versions[1]), gate)));

        // Higher, but never in the stage: no hindrance. Deleted, but once in the stage: one still.
        await TagAsync("iris", versions[2], "model_version", "7.0.0");
        Assert.True(IsMet(Gate(await CheckAsync("iris", versions[1]), gate)));
        (await Client.DeleteAsync("model-versions/delete", new { name = "iris", version = versions[0] })).Ok();
        await TagAsync("iris", versions[3], "model_version", "1.0.0");
        Assert.False(IsMet(Gate(await CheckAsync("iris", versions[3]), gate)));
    }

    [Promise]
    public async Task A_limit_archives_those_that_entered_first()
    {
        await CreateModelAsync("iris");
        await ApplyAsync("pipeline: p\nmodels: \"*\"\nstages: [{name: Production, limit: {versions: 2, oldest: archive}}]");
        var versions = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            versions.Add(await AddVersionAsync("iris"));
        }

        // Not the number decides, but who came first.
        await PutAsync("iris", versions[2], "Production");
        Assert.Empty((await CheckAsync("iris", versions[3]))["archives"]!.AsArray());
        await PutAsync("iris", versions[0], "Production");
        await PutAsync("iris", versions[1], "Production");
        Assert.Equal(["1", "3"], (await CheckAsync("iris", versions[3]))["archives"]!.AsArray().Select(version => version!.GetValue<string>()).Order());

        // One that is in it takes no place of another.
        Assert.Equal(["3"], (await CheckAsync("iris", versions[1]))["archives"]!.AsArray().Select(version => version!.GetValue<string>()));
    }

    [Promise]
    public async Task A_limit_can_refuse_and_archiving_all_makes_room()
    {
        await CreateModelAsync("iris");
        await ApplyAsync("pipeline: p\nmodels: \"*\"\nstages: [{name: Production, limit: {versions: 1, oldest: refuse}}, {name: Shadow, archive_existing: true, limit: {versions: 1, oldest: refuse}}]");
        var (first, second) = (await AddVersionAsync("iris"), await AddVersionAsync("iris"));
        await MoveAsync("iris", first, "Production");

        var full = await CheckAsync("iris", second);
        Assert.Equal((false, "1", 0), (IsMet(Gate(full, "other versions in the stage")), Measured(Gate(full, "other versions in the stage")), full["archives"]!.AsArray().Count));
        Assert.True((await CheckAsync("iris", first))["met"]!.GetValue<bool>());

        await MoveAsync("iris", first, "Shadow");
        var shadow = await CheckAsync("iris", second, "Shadow");
        Assert.Equal((true, "1"), (shadow["met"]!.GetValue<bool>(), Assert.Single(shadow["archives"]!.AsArray())!.GetValue<string>()));
    }

    [Promise]
    public async Task Own_stages_are_taken_on_the_wire_for_their_models_only()
    {
        await CreateModelAsync("iris-a");
        await CreateModelAsync("other");
        await ApplyAsync("pipeline: p\nmodels: \"iris-*\"\nstages: [{name: Candidate}, {name: Production}]");
        var version = await AddVersionAsync("iris-a");
        var other = await AddVersionAsync("other");

        await MoveAsync("iris-a", version, "cANDIDATE");
        var latest = (await Client.PostAsync("registered-models/get-latest-versions", new { name = "iris-a", stages = new[] { "candidate" } })).Ok()["model_versions"]!.AsArray();
        Assert.Equal("Candidate", Assert.Single(latest)!["current_stage"]!.GetValue<string>());
        await MoveAsync("iris-a", version, "archived");
        await MoveAsync("iris-a", version, "None");

        var refused = await Client.PostAsync("model-versions/transition-stage", new { name = "iris-a", version, stage = "Staging" });
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), (refused.Status, refused.ErrorCode));
        Assert.Contains("None, Candidate, Production, Archived", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync("model-versions/transition-stage", new { name = "other", version = other, stage = "Candidate" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync("registered-models/get-latest-versions", new { name = "other", stages = new[] { "Candidate" } })).Status);
        await MoveAsync("other", other, "Staging");
    }

    [Promise]
    public async Task Without_a_pipeline_and_into_stages_without_gates_everything_is_met()
    {
        await CreateModelAsync("iris");
        var version = await RegisterAsync("iris", "x", "", "s3://bucket/x");
        var plain = await CheckAsync("iris", version, "production");
        Assert.Equal((true, "Production", 0, null, true), (plain["met"]!.GetValue<bool>(), plain["stage"]!.GetValue<string>(), plain["gates"]!.AsArray().Count, plain["pipeline"], plain["may_promote"]!.GetValue<bool>()));

        await GateAsync("{}");
        Assert.True((await CheckAsync("iris", version, "Archived"))["met"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{Native}models/iris/versions/{version}/check", ("stage", "Staging"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"{Native}models/iris/versions/{version}/check")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Native}models/iris/versions/99/check", ("stage", "Production"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Native}models/nobody/versions/1/check", ("stage", "Production"))).Status);
    }
}

public sealed class StageRulesOnSqlite() : StageRulesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class StageRulesOnPostgres() : StageRulesContract(Fresh.PostgresAsync);
