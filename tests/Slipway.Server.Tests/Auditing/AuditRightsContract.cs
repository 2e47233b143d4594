using System.Net;
using System.Text;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>Who is shown what of the log, the past and the difference of versions.</summary>
public abstract class AuditRightsContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private const string Log = Crowd.Native + "audit";
    private const string Models = Crowd.Native + "models";

    private static readonly string[] OfTheLog = [Log, Log + "/export", Log + "/verdict"];
    private static readonly string[] OfIris = [Models + "/iris/history", Models + "/iris/at?time=2100-01-01", Models + "/iris/versions/1/history", Models + "/iris/diff?a=1&b=2"];

    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private WireClient _root = null!;
    private WireClient _auditor = null!;
    private WireClient _reader = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _server = await TestServer.StartAsync(_fresh, configure: options => options.DefaultPermission = "NO_PERMISSIONS");
        _root = await _server.Client.FoundAsync();
        _root = _server.Client.Bearing(await _root.TokenAsync("root"));
        _auditor = await AddAsync("auditor", isAuditor: true);
        _reader = await AddAsync("reader", isAuditor: false);
        foreach (var model in new[] { "iris", "hidden" })
        {
            (await _root.PostAsync("registered-models/create", new { name = model })).Ok();
            await RegisterAsync(model, "0.11");
            await RegisterAsync(model, "0.22");
            (await _root.PostAsync("model-versions/transition-stage", new { name = model, version = "1", stage = "Staging" })).Ok();
        }

        (await _root.PostAsync($"{Models}/iris/permissions", new { user = "reader", permission = "READ" })).Ok();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task An_auditor_reads_everything_and_changes_nothing()
    {
        foreach (var path in OfTheLog.Concat(OfIris).Concat(OfIris.Select(path => path.Replace("iris", "hidden", StringComparison.Ordinal))))
        {
            Assert.True((await _auditor.GetAsync(path)).Status == HttpStatusCode.OK, path);
        }

        Assert.Contains("0.22", (await _auditor.GetAsync(Models + "/hidden/diff?a=1&b=2")).Text, StringComparison.Ordinal);
        (await _root.DeleteAsync("registered-models/delete", new { name = "hidden" })).Ok();
        Assert.Equal(HttpStatusCode.OK, (await _auditor.GetAsync(Models + "/hidden/at?time=" + Uri.EscapeDataString(await WhenItWasThereAsync()))).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await _auditor.PostAsync(Log + "/rotate-key")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _auditor.PostAsync("model-versions/transition-stage", new { name = "iris", version = "2", stage = "Staging" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _auditor.PostAsync($"{Models}/iris/permissions", new { user = "auditor", permission = "MANAGE" })).Status);
    }

    [Promise]
    public async Task Whoever_reads_one_model_is_shown_its_entries_and_no_others()
    {
        foreach (var path in OfTheLog.Concat(OfIris.Select(path => path.Replace("iris", "hidden", StringComparison.Ordinal))))
        {
            var refused = await _reader.GetAsync(path);
            Assert.True(refused.Status == HttpStatusCode.Forbidden, path);
            Assert.DoesNotContain("0.22", refused.Text, StringComparison.Ordinal);
        }

        foreach (var path in OfIris)
        {
            Assert.DoesNotContain("hidden", (await _reader.GetAsync(path)).Text, StringComparison.Ordinal);
        }

        var history = (await _reader.GetAsync(OfIris[0])).Ok()["entries"]!.AsArray();
        Assert.Equal(["model.create", "permission.grant", "version.create", "version.create", "version.transition"], history.Select(entry => entry!["action"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(history, entry => Assert.StartsWith("models/iris", entry!["resource"]!.GetValue<string>(), StringComparison.Ordinal));
        (await _root.DeleteAsync("registered-models/delete", new { name = "hidden" })).Ok();
        Assert.Equal(HttpStatusCode.Forbidden, (await _reader.GetAsync(Models + "/hidden/at?time=" + Uri.EscapeDataString(await WhenItWasThereAsync()))).Status);
    }

    [Promise]
    public async Task A_comparison_shows_nothing_of_runs_and_files_that_the_caller_may_not_read()
    {
        var diff = await _reader.GetAsync(OfIris[3]);

        foreach (var secret in new[] { "0.11", "0.22", "rate", "accuracy", "iris-train", "sepal" })
        {
            Assert.DoesNotContain(secret, diff.Text, StringComparison.Ordinal);
        }

        foreach (var section in new[] { "params", "metrics", "datasets", "signature" })
        {
            var shown = diff.Ok()["sections"]!.AsArray().Single(other => other!["section"]!.GetValue<string>() == section)!;
            Assert.Equal((0L, 0), (shown["same"]!.GetValue<long>(), shown["differences"]!.AsArray().Count));
            Assert.Contains("reader lacks the right to read", shown["note"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        // Once they may read one of the two experiments, they are shown the half of it.
        var first = (await _root.GetAsync("model-versions/get", ("name", "iris"), ("version", "1"))).Ok()["model_version"]!["run_id"]!.GetValue<string>();
        var experiment = (await _root.GetAsync("runs/get", ("run_id", first))).Ok()["run"]!["info"]!["experiment_id"]!.GetValue<string>();
        (await _root.PostAsync($"{Crowd.Native}experiments/{experiment}/permissions", new { user = "reader", permission = "READ" })).Ok();
        var half = (await _reader.GetAsync(OfIris[3])).Text;
        Assert.Contains("0.11", half, StringComparison.Ordinal);
        Assert.DoesNotContain("0.22", half, StringComparison.Ordinal);
    }

    private async Task<WireClient> AddAsync(string name, bool isAuditor)
    {
        (await _root.PostAsync(Crowd.Native + "users", new { name, kind = "service", is_auditor = isAuditor })).Ok();
        return _server.Client.Bearing(await _root.TokenAsync(name));
    }

    // Each run in an experiment of its own.
    private async Task RegisterAsync(string model, string secret)
    {
        var experiment = (await _root.PostAsync("experiments/create", new { name = $"{model} {secret}" })).Ok()["experiment_id"]!.GetValue<string>();
        var run = (await _root.PostAsync("runs/create", new { experiment_id = experiment, start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        (await _root.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new[] { new { key = "accuracy", value = double.Parse(secret, System.Globalization.CultureInfo.InvariantCulture), timestamp = 1, step = 0 } },
            @params = new[] { new { key = "rate", value = secret } },
        })).Ok();
        (await _root.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "iris-train", digest = secret, source_type = "local", source = "{}" } } } })).Ok();
        var folder = $"{experiment}/{run}/artifacts/model";
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes("""signature: {inputs: '[{"type": "double", "name": "sepal"}]'}"""));
        Assert.Equal(HttpStatusCode.OK, (await _root.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{folder}/MLmodel", file)).Status);
        (await _root.PostAsync("model-versions/create", new { name = model, source = $"mlflow-artifacts:/{folder}", run_id = run })).Ok();
    }

    private async Task<string> WhenItWasThereAsync()
    {
        var entries = (await _root.GetAsync(Log, ("model", "hidden"), ("action", "version.transition"))).Ok()["entries"]!.AsArray();
        return entries[0]!["time"]!.ToString();
    }
}

public sealed class AuditRightsOnSqlite() : AuditRightsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AuditRightsOnPostgres() : AuditRightsContract(Fresh.PostgresAsync);
