using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>The requirements that a tutorial of MLflow checks in its own code, kept by the server: each request is one that curl could send.</summary>
public abstract class TutorialContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string StageRequirements = """
        pipeline: stage-requirements
        models: iris-classifier
        stages:
          - name: Staging
            gates:
              metrics: {accuracy: {min: 0.85}}
              tests: [schema_test, inference_test]
              tags: [validation_status, team]
          - name: Production
            gates:
              metrics: {accuracy: {min: 0.90}}
              previous_stage: Staging
              time_in_previous_stage: 24h
              tests: [load_test, integration_test]
              approvals: {count: 1, group: ml-leads}
        """;

    private readonly ManualTime _clock = new();

    protected override TimeProvider? Clock => _clock;

    [Promise]
    public async Task Refused_with_reasons_then_evidence_then_another_person_s_yes_then_promoted_then_rolled_back()
    {
        var (scientist, lead) = await SetUpAsync();
        await RegisterAsync(scientist, "0.83");
        await RegisterAsync(scientist, "0.95");

        // Refused, with every reason.
        var refusal = await TransitionAsync(scientist, "1", "Staging");
        Assert.Equal(HttpStatusCode.Forbidden, refusal.Status);
        foreach (var reason in new[] { "metric accuracy is 0.83, required at least 0.85", "schema_test", "inference_test", "validation_status", "team" })
        {
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        // The second has the accuracy; it gets the rest, and enters Staging.
        await TagAsync(scientist, "2", "validation_status", "passed");
        await TagAsync(scientist, "2", "team", "data-science");
        await TestAsync(scientist, "2", "schema_test");
        await TestAsync(scientist, "2", "inference_test");
        (await TransitionAsync(scientist, "2", "Staging")).Ok();

        // Not yet for Production: neither the tests, nor the time, nor a yes.
        refusal = await TransitionAsync(scientist, "2", "Production");
        foreach (var reason in new[] { "load_test", "integration_test", "time in Staging is", "approvals is 0" })
        {
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        await TestAsync(scientist, "2", "load_test");
        await TestAsync(scientist, "2", "integration_test");
        var promotion = Json(await PostAsync(scientist, "models/iris-classifier/versions/2/promotions", """{"to": "Production", "justification": "Improved accuracy by 5% over current production model"}"""))["id"]!.GetValue<long>();
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(scientist, $"promotions/{promotion}/approvals", """{"verdict": "approved"}""")).Status);
        Assert.Equal("checking", Json(await PostAsync(lead, $"promotions/{promotion}/approvals", """{"verdict": "approved", "comment": "Reviewed"}"""))["state"]!.GetValue<string>());

        // Time passes, and it goes through by itself.
        _clock.Advance(TimeSpan.FromHours(24));
        await UntilAsync(scientist, promotion, "completed");
        Assert.Equal("Production", await StageAsync(scientist, "2"));

        // The next one goes the same way, turns out to be worse, and is rolled back in one step.
        await RegisterAsync(scientist, "0.97");
        await TagAsync(scientist, "3", "validation_status", "passed");
        await TagAsync(scientist, "3", "team", "data-science");
        foreach (var test in new[] { "schema_test", "inference_test", "load_test", "integration_test" })
        {
            await TestAsync(scientist, "3", test);
        }

        (await TransitionAsync(scientist, "3", "Staging")).Ok();
        _clock.Advance(TimeSpan.FromHours(25));
        promotion = Json(await PostAsync(scientist, "models/iris-classifier/versions/3/promotions", """{"to": "Production"}"""))["id"]!.GetValue<long>();
        Assert.Equal("completed", Json(await PostAsync(lead, $"promotions/{promotion}/approvals", """{"verdict": "approved"}"""))["state"]!.GetValue<string>());
        Assert.Equal(("Archived", "Production"), (await StageAsync(scientist, "2"), await StageAsync(scientist, "3")));

        Assert.Equal("2", Json(await PostAsync(scientist, "models/iris-classifier/rollback", """{"reason": "Complaints"}"""))["version"]!.GetValue<string>());
        Assert.Equal(("Production", "Archived"), (await StageAsync(scientist, "2"), await StageAsync(scientist, "3")));
    }

    private async Task<(WireClient Scientist, WireClient Lead)> SetUpAsync()
    {
        var root = await Client.FoundAsync();
        var (scientist, lead) = (await root.AddAsync("data-scientist"), await root.AddAsync("ml-lead"));
        (await PostAsync(root, "groups", """{"name": "ml-leads"}""")).Ok();
        (await PostAsync(root, "groups/ml-leads/members", """{"user": "ml-lead"}""")).Ok();
        (await PostAsync(root, "pipelines", $$"""{"text": {{JsonValue.Create(StageRequirements).ToJsonString()}}}""")).Ok();
        (await scientist.PostAsync("experiments/create", new { name = "iris" })).Ok();
        (await scientist.PostAsync("registered-models/create", new { name = "iris-classifier" })).Ok();
        (await PostAsync(root, "models/iris-classifier/permissions", """{"user": "data-scientist", "permission": "promote"}""")).Ok();
        return (scientist, lead);
    }

    private static async Task RegisterAsync(WireClient scientist, string accuracy)
    {
        var run = (await scientist.PostAsync("runs/create", new { experiment_id = "1" })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        (await scientist.SendTextAsync(HttpMethod.Post, "runs/log-metric", $$"""{"run_id": "{{run}}", "key": "accuracy", "value": {{accuracy}}, "timestamp": 1}""")).Ok();
        Assert.Equal(HttpStatusCode.OK, (await scientist.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/1/{run}/artifacts/model/MLmodel", new StringContent(run))).Status);
        (await scientist.SendTextAsync(HttpMethod.Post, "model-versions/create", $$"""{"name": "iris-classifier", "source": "mlflow-artifacts:/1/{{run}}/artifacts/model", "run_id": "{{run}}"}""")).Ok();
    }

    private static Task<WireReply> TransitionAsync(WireClient who, string version, string stage) =>
        who.SendTextAsync(HttpMethod.Post, "model-versions/transition-stage", $$"""{"name": "iris-classifier", "version": "{{version}}", "stage": "{{stage}}", "archive_existing_versions": true}""");

    private static async Task TagAsync(WireClient who, string version, string key, string value) =>
        (await who.SendTextAsync(HttpMethod.Post, "model-versions/set-tag", $$"""{"name": "iris-classifier", "version": "{{version}}", "key": "{{key}}", "value": "{{value}}"}""")).Ok();

    private static async Task TestAsync(WireClient who, string version, string name) =>
        (await PostAsync(who, $"models/iris-classifier/versions/{version}/tests", $$"""{"name": "{{name}}", "outcome": "passed"}""")).Ok();

    private static Task<WireReply> PostAsync(WireClient who, string path, string json) => who.SendTextAsync(HttpMethod.Post, Crowd.Native + path, json);

    private static JsonNode Json(WireReply reply) => reply.Ok();

    private static async Task<string> StageAsync(WireClient who, string version) =>
        (await who.GetAsync("model-versions/get", ("name", "iris-classifier"), ("version", version))).Ok()["model_version"]!["current_stage"]!.GetValue<string>();

    private static async Task UntilAsync(WireClient who, long promotion, string state)
    {
        while (Json(await who.GetAsync($"{Crowd.Native}promotions/{promotion}"))["state"]!.GetValue<string>() != state)
        {
            await Task.Delay(10);
        }
    }
}

public sealed class TutorialOnSqlite() : TutorialContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TutorialOnPostgres() : TutorialContract(Fresh.PostgresAsync);
