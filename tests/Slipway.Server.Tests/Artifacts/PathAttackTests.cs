using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>No path leads out of the artifact store, whatever the endpoint. The database plays no part in it.</summary>
public sealed class PathAttackTests : IAsyncLifetime
{
    private const string Api = "/api/2.0/mlflow-artifacts";
    private const string Ajax = "/ajax-api/2.0/mlflow-artifacts";

    private ArtifactServer _server = null!;
    private List<string> _before = [];

    public static TheoryData<string, string> PathEndpoints => new()
    {
        { "GET", Api + "/artifacts/" }, { "HEAD", Api + "/artifacts/" }, { "PUT", Api + "/artifacts/" }, { "DELETE", Api + "/artifacts/" },
        { "GET", Ajax + "/artifacts/" }, { "PUT", Ajax + "/artifacts/" }, { "DELETE", Ajax + "/artifacts/" },
        { "POST", Api + "/mpu/create/" }, { "POST", Api + "/mpu/complete/" }, { "POST", Api + "/mpu/abort/" }, { "GET", Api + "/presigned/" },
    };

    public static TheoryData<string, string> QueryEndpoints => new()
    {
        { "GET", Api + "/artifacts?path=" },
        { "GET", Ajax + "/artifacts?path=" },
        { "GET", "/api/2.0/mlflow/artifacts/list?run_id=RUN&path=" },
        { "GET", "/api/2.0/preview/mlflow/artifacts/list?run_uuid=RUN&path=" },
        { "GET", "/get-artifact?run_id=RUN&path=" },
        { "HEAD", "/get-artifact?run_id=RUN&path=" },
        { "GET", "/model-versions/get-artifact?name=iris&version=1&path=" },
        { "GET", "/api/2.0/mlflow/logged-models/MODEL/artifacts/directories?artifact_directory_path=" },
        { "GET", "/ajax-api/2.0/mlflow/logged-models/MODEL/artifacts/files?artifact_file_path=" },
        { "POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=RUN&path=" },
    };

    public async Task InitializeAsync()
    {
        _server = await ArtifactServer.StartAsync(await Fresh.SqliteAsync());
        var outside = Directory.CreateDirectory(Path.Join(_server.Folder, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Join(outside, "secret"), "secret");
        _before = _server.OnDisk();
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [MemberData(nameof(PathEndpoints))]
    public async Task An_attack_in_the_path_is_a_400_without_a_trace(string method, string endpoint)
    {
        var passed = new List<string>();
        foreach (var head in new[] { "", "0/" })
        {
            foreach (var attack in AttackPaths.Raw)
            {
                await CollectAsync(passed, method, endpoint + head + attack);
            }
        }

        AssertNothingHappened(passed);
    }

    [Theory]
    [MemberData(nameof(QueryEndpoints))]
    public async Task An_attack_in_the_query_is_a_400_without_a_trace(string method, string endpoint)
    {
        var passed = new List<string>();
        foreach (var attack in AttackPaths.Decoded)
        {
            await CollectAsync(passed, method, Filled(endpoint) + Uri.EscapeDataString(attack));
        }

        AssertNothingHappened(passed);
    }

    [Fact]
    public async Task An_attack_in_a_body_is_a_400()
    {
        foreach (var attack in AttackPaths.Decoded)
        {
            var reply = await _server.Client.PostAsync("artifacts/presigned-upload-url", new { run_id = _server.RunId, path = attack });
            Assert.True((int)reply.Status == 400, $"{attack}: {reply.Text}");
        }
    }

    [Fact]
    public async Task Nothing_passes_through_a_symbolic_link()
    {
        Directory.CreateDirectory(Path.Join(_server.Files, _server.RunRoot, "model"));
        Directory.CreateSymbolicLink(Path.Join(_server.Files, "0", "out"), Path.Join(_server.Folder, "outside"));
        foreach (var root in new[] { $"0/{_server.RunId}/artifacts", $"0/models/{_server.ModelId}/artifacts" })
        {
            Directory.CreateDirectory(Path.Join(_server.Files, root));
            Directory.CreateSymbolicLink(Path.Join(_server.Files, root, "out"), Path.Join(_server.Folder, "outside"));
        }

        Directory.CreateSymbolicLink(Path.Join(_server.Files, _server.RunRoot, "model", "out"), Path.Join(_server.Folder, "outside"));
        _before = _server.OnDisk();
        var passed = new List<string>();
        foreach (var method in new[] { "GET", "HEAD", "PUT", "DELETE" })
        {
            foreach (var path in new[] { "0/out/secret", "0/out/new", "0/out" })
            {
                await CollectAsync(passed, method, $"{Api}/artifacts/{path}");
            }
        }

        foreach (var (method, endpoint) in QueryEndpoints.Select(row => ((string)row[0], (string)row[1])))
        {
            var head = endpoint.Contains("mlflow-artifacts", StringComparison.Ordinal) ? "0/" : "";
            await CollectAsync(passed, method, Filled(endpoint) + head + "out");
            await CollectAsync(passed, method, Filled(endpoint) + head + "out/secret");
        }

        AssertNothingHappened(passed);
    }

    private string Filled(string endpoint) =>
        endpoint.Replace("RUN", _server.RunId, StringComparison.Ordinal).Replace("MODEL", _server.ModelId, StringComparison.Ordinal);

    private async Task CollectAsync(List<string> passed, string method, string target)
    {
        var reply = await _server.RawAsync(method, target);
        if (reply.Status != 400 || !IsInvalidPath(method, target, reply.Body))
        {
            passed.Add($"{method} {target}: {reply.Status} {reply.Body}");
        }
    }

    private static bool IsInvalidPath(string method, string target, string body)
    {
        // Kestrel itself refuses a NUL in the path, before anybody could say why.
        if (method == "HEAD" || (body.Length == 0 && target.Split('?')[0].Contains("%00", StringComparison.Ordinal)))
        {
            return true;
        }

        return body.Length > 0 && JsonNode.Parse(body) is { } json
            && json["error_code"]!.GetValue<string>() == "INVALID_PARAMETER_VALUE"
            && json["message"]!.GetValue<string>() is var message
            && (message.StartsWith("Invalid path", StringComparison.Ordinal) || message.EndsWith("must be a text without NUL.", StringComparison.Ordinal));
    }

    private void AssertNothingHappened(List<string> passed)
    {
        Assert.True(passed.Count == 0, string.Join('\n', passed));
        Assert.Equal(_before, _server.OnDisk());
    }
}
