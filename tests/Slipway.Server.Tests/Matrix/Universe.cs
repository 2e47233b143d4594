using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Server.Routing;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;

namespace Slipway.Server.Tests.Matrix;

/// <summary>One of everything that a route can be about, and a request to any route that names it.</summary>
/// <remarks>A new route may need a new field in <see cref="Fields"/>, an exception in <see cref="Exceptions"/>, or a value for what stands in its braces.</remarks>
internal sealed partial class Universe(WireClient root, IReadOnlyDictionary<string, string[]> grants)
{
    private const string Victim = "victim";

    private const string Pipeline = """
        pipeline: universe
        models: "governed*"
        stages:
          - name: Production
            gates:
              approvals: {count: 2, services: true}
        """;

    private const string Environment = """
        environment: universe
        stage: Production
        models: "unserved-*"
        """;

    // What one route takes under a name that means something else to others.
    private static readonly (string Route, string Field, object Value)[] Exceptions =
    [
        ("PATCH logged-models/{model_id}", "status", "LOGGED_MODEL_READY"),
        ("POST experiments/create", "name", "made by anybody"),
        ("POST freezes", "models", "ungoverned-*"),
        ("POST datasets/{name}/drafts", "version", "2.0.0"),
        ("POST datasets/{name}/versions", "version", "2.0.0"),
        ("PUT datasets/{name}/aliases/{alias}", "version", "1.0.0"),
        ("GET datasets/{name}/diff", "a", "1.0.0"),
        ("GET datasets/{name}/diff", "b", "1.0.0"),
        ("POST environments", "text", Environment),
        ("POST models/{name}/rollback", "version", "2"),
        ("POST models/{name}/rollback", "stage", "Production"),
    ];

    // Elsewhere unmet gates would be refused with the same status as missing rights.
    private static readonly string[] Governed = ["/promotions", "/break-glass", "/rollback", "/trials", "/trials/stop"];

    private int _number;
    private string _experiment = "";
    private string _run = "";
    private string _loggedModel = "";
    private string _token = "";
    private string _promotion = "";
    private string _freeze = "";
    private string _draft = "";
    private string _upload = "";

    private string Model => $"model{_number}";

    private string GovernedModel => $"governed{_number}";

    private string Uploaded => $"{_experiment}/{_run}/artifacts/up.bin";

    private string Group => $"group{_number}";

    private string Dataset => $"dataset{_number}";

    /// <summary>Makes it all anew, after a request that may have changed some of it.</summary>
    public async Task RenewAsync()
    {
        _number++;
        _experiment = (await root.PostAsync("experiments/create", new { name = $"experiment{_number}" })).Ok()["experiment_id"]!.GetValue<string>();
        _run = (await root.PostAsync("runs/create", new { experiment_id = _experiment, start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        _loggedModel = (await root.PostAsync("logged-models", new { experiment_id = _experiment, name = "m" })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await root.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{_experiment}/{_run}/artifacts/f.txt", new { })).Ok();
        (await root.PostAsync("registered-models/create", new { name = Model })).Ok();
        (await root.PostAsync("model-versions/create", new { name = Model, source = "s3://bucket/model" })).Ok();
        (await root.PostAsync("registered-models/create", new { name = GovernedModel })).Ok();
        (await root.PostAsync("model-versions/create", new { name = GovernedModel, source = "s3://bucket/model" })).Ok();
        (await root.PostAsync(Crowd.Native + "pipelines", new { text = Pipeline })).Ok();
        (await root.PostAsync(Crowd.Native + "environments", new { text = Environment })).Ok();
        _promotion = (await root.PostAsync($"{Crowd.Native}models/{GovernedModel}/versions/1/promotions", new { to = "Production" })).Ok()["id"]!.ToString();
        await ServeAsync("2", "3");
        _freeze = (await root.PostAsync(Crowd.Native + "freezes", new { models = GovernedModel, reason = "to be lifted" })).Ok()["id"]!.ToString();
        (await root.SendAsync(HttpMethod.Put, $"{Crowd.Native}datasets/{Dataset}/versions/1.0.0?path=d.csv", new StringContent("a\n1\n"))).Ok();
        _draft = (await root.PostAsync($"{Crowd.Native}datasets/{Dataset}/drafts", new { version = "2.0.0" })).Ok()["id"]!.ToString();
        _upload = (await root.PostAsync(Crowd.Native + "uploads", new { path = Uploaded, sha256 = new string('0', 64), size = 1 })).Ok()["id"]!.GetValue<string>();
        (await root.PostAsync(Crowd.Native + "groups", new { name = Group })).Ok();
        await root.PostAsync(Crowd.Native + "users", new { name = Victim, kind = "service" });
        if (_token.Length > 0)
        {
            await root.DeleteAsync($"{Crowd.Native}tokens/{_token}");
        }

        _token = (await root.PostAsync($"{Crowd.Native}users/{Victim}/tokens", new { name = "t" })).Ok()["token"]!["id"]!.ToString();
        foreach (var (user, permission) in grants.SelectMany(grant => grant.Value.Select(permission => (grant.Key, permission))))
        {
            (await root.PostAsync($"{Crowd.Native}experiments/{_experiment}/permissions", new { user, permission })).Ok();
            (await root.PostAsync($"{Crowd.Native}models/{Model}/permissions", new { user, permission })).Ok();
            (await root.PostAsync($"{Crowd.Native}models/{GovernedModel}/permissions", new { user, permission })).Ok();
            (await root.PostAsync($"{Crowd.Native}datasets/{Dataset}/permissions", new { user, permission })).Ok();
        }
    }

    /// <summary>A request to the route about the things that there are.</summary>
    public (string Path, StringContent? Content) Request(Route route)
    {
        var fields = Fields();
        foreach (var (_, field, value) in Exceptions.Where(exception => IsRoute(route, exception.Route)))
        {
            fields[field] = value;
        }

        // Alone among the routes, this one names an artifact from the root on.
        fields["path"] = IsRoute(route, "POST uploads") ? Uploaded : fields["path"];
        var path = $"{Braces().Replace(route.Pattern, match => ValueOf(route.Pattern, match))}?{Query(fields)}";
        return (path, route.Method is "GET" or "HEAD" ? null : new StringContent(JsonSerializer.Serialize(fields), Encoding.UTF8, "application/json"));
    }

    // One after the other, so that there is a version to go back to.
    private async Task ServeAsync(params string[] versions)
    {
        (await root.PostAsync($"{Crowd.Native}models/{GovernedModel}/permissions", new { user = "root", permission = "break-glass" })).Ok();
        foreach (var version in versions)
        {
            (await root.PostAsync("model-versions/create", new { name = GovernedModel, source = "s3://bucket/model" })).Ok();
            (await root.PostAsync($"{Crowd.Native}models/{GovernedModel}/versions/{version}/break-glass", new { to = "Production", reason = "to have been there" })).Ok();
        }
    }

    private static bool IsRoute(Route route, string text) => text.Split(' ') is [var method, var path] && route.Method == method && route.Pattern.EndsWith(path, StringComparison.Ordinal);

    private Dictionary<string, object> Fields() => new()
    {
        ["experiment_id"] = _experiment,
        ["experiment_ids"] = new[] { _experiment },
        ["experiment_name"] = $"experiment{_number}",
        ["run_id"] = _run,
        ["run_ids"] = new[] { _run },
        ["dataset"] = $"{Dataset}@1.0.0",
        ["run_uuid"] = _run,
        ["status"] = "FINISHED",
        ["model_id"] = _loggedModel,
        ["name"] = Model,
        ["version"] = "1",
        ["new_name"] = $"renamed{_number}",
        ["description"] = "words",
        ["source"] = "s3://bucket/model",
        ["stage"] = "Staging",
        ["archive_existing_versions"] = false,
        ["alias"] = "champion",
        ["key"] = "k",
        ["value"] = "1",
        ["timestamp"] = 1,
        ["step"] = 0,
        ["metric_key"] = "k",
        ["path"] = "f.txt",
        ["sha256"] = new string('1', 64),
        ["size"] = 1,
        ["artifact_file_path"] = "f.txt",
        ["params"] = new[] { new { key = "p", value = "v" } },
        ["tags"] = new[] { new { key = "t", value = "v" } },
        ["metrics"] = Array.Empty<object>(),
        ["models"] = new[] { new { model_id = _loggedModel } },
        ["datasets"] = new[] { new { dataset = new { name = "d", digest = "1", source_type = "local", source = "here" } } },
        ["model_json"] = $$"""{"run_id": "{{_run}}", "artifact_path": "model", "flavors": {}, "utc_time_created": "now"}""",
        ["username"] = Victim,
        ["user"] = Victim,
        ["password"] = Crowd.Password,
        ["is_admin"] = false,
        ["permission"] = "READ",
        ["to"] = "Production",
        ["verdict"] = "rejected",
        ["comment"] = "no",
        ["reason"] = "because",
        ["text"] = Pipeline,
        ["outcome"] = "passed",
        ["a"] = "1",
        ["b"] = "1",
        ["time"] = "2100-01-01T00:00:00Z",
        ["draft"] = _draft,
        ["environment"] = "universe",
        ["model"] = Model,
    };

    private string ValueOf(string pattern, Match match)
    {
        var before = pattern[..match.Index].TrimEnd('/').Split('/')[^1];
        return (before, match.Groups["name"].Value) switch
        {
            (_, "model_id") => _loggedModel,
            (_, "tag_key") => "t",
            (_, "path") => $"{_experiment}/{_run}/artifacts/f.txt",
            ("experiments", "id") => _experiment,
            ("tokens", "id") => _token,
            ("users", "name") or (_, "user") => Victim,
            ("groups", "name") => Group,
            ("models", "name") => Governed.Any(end => pattern.EndsWith(end, StringComparison.Ordinal)) ? GovernedModel : Model,
            ("versions", "version") => pattern.Contains("/datasets/", StringComparison.Ordinal) ? "1.0.0" : "1",
            ("datasets", "name") => Dataset,
            ("runs", "run") => _run,
            ("logged-models", "id") => _loggedModel,
            ("drafts", "draft") => _draft,
            ("aliases", "alias") => "stable",
            ("promotions", "id") => _promotion,
            ("freezes", "id") => _freeze,
            ("uploads", "id") => _upload,
            ("pipelines" or "environments", "name") => "universe",
            ("rollouts", "rollout") => "1",
            _ => throw new InvalidOperationException($"The universe has nothing for {match.Value} in {pattern}."),
        };
    }

    private static string Query(Dictionary<string, object> fields) => string.Join('&', fields.SelectMany(field => field.Value switch
    {
        string[] texts => texts.Select(text => $"{field.Key}={text}"),
        bool flag => [$"{field.Key}={(flag ? "true" : "false")}"],
        int number => [$"{field.Key}={number.ToString(CultureInfo.InvariantCulture)}"],
        string text when field.Key is not ("model_json" or "password" or "text") => [$"{field.Key}={Uri.EscapeDataString(text)}"],
        _ => Array.Empty<string>(),
    }));

    [GeneratedRegex(@"\{(?<name>\w+)\*?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Braces();
}
