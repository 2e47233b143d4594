using System.Text;
using Slipway.Client;
using Slipway.Testing;
using Slipway.Wire.Registry;
using Xunit;

namespace Slipway.Server.Tests.Serving;

/// <summary>What <c>slipway models serve</c> promises, beside a server that is a process of its own.</summary>
[Needs("onnx")]
public sealed class ServeModelTests : IAsyncLifetime
{
    private const string Iris = """{"dataframe_split": {"columns": ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"], "data": [[5.1, 3.5, 1.4, 0.2]]}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private Fresh _fresh = null!;
    private SlipwayProcess _server = null!;
    private SlipwayClient _client = null!;

    private string Cache => Path.Join(_fresh.Folder, "cache");

    private static string IrisFolder => Path.Join(AppContext.BaseDirectory, "Files", "iris");

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await SlipwayProcess.StartAsync(_fresh);
        _client = new SlipwayClient(_server.Address);
        foreach (var file in Directory.EnumerateFiles(IrisFolder))
        {
            await using var content = File.OpenRead(file);
            await _client.UploadArtifactAsync($"0/models/iris/{Path.GetFileName(file)}", content);
        }

        await _client.CreateRegisteredModelAsync(new CreateRegisteredModelRequest("iris", null, null));
        await _client.CreateModelVersionAsync(new CreateModelVersionRequest { Name = "iris", Source = "mlflow-artifacts:/0/models/iris" });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task A_registered_version_is_fetched_verified_and_served()
    {
        await _client.TransitionStageAsync(new TransitionStageRequest("iris", "1", "Production", ArchiveExistingVersions: false));

        Assert.StartsWith("""{"predictions":[{"label":0,""", await ServedAsync("iris", "Production"), StringComparison.Ordinal);

        var folder = Assert.Single(Directory.EnumerateDirectories(Cache));
        Assert.Equal(["MLmodel", "model.onnx"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsLinux() ? File.GetUnixFileMode(folder) : default);
    }

    [Promise]
    public async Task Files_in_the_cache_that_were_changed_are_fetched_again()
    {
        await ServedAsync("iris", "1");
        var folder = Assert.Single(Directory.EnumerateDirectories(Cache));
        await File.WriteAllTextAsync(Path.Join(folder, "more.py"), "print('loaded')");

        await ServedAsync("iris", "1");

        Assert.Equal(2, Directory.EnumerateFiles(folder).Count());
    }

    [Promise]
    public async Task Files_that_are_not_what_was_registered_are_not_served()
    {
        await _client.UploadArtifactAsync("0/models/iris/model.onnx", new MemoryStream("another model"u8.ToArray()));

        var (code, said) = await FailedAsync("iris", "1", "--cache", Cache);

        Assert.Equal(1, code);
        Assert.Contains("'model.onnx' did not come whole", said, StringComparison.Ordinal);
    }

    [Promise]
    public async Task What_can_not_be_served_is_told_with_what_to_do()
    {
        await _client.CreateModelVersionAsync(new CreateModelVersionRequest { Name = "iris", Source = "s3://bucket/model" });

        var elsewhere = await FailedAsync("iris", "2", "--cache", Cache);
        Assert.Equal(1, elsewhere.Code);
        Assert.Contains("are not on the server but at s3://bucket/model", elsewhere.Said, StringComparison.Ordinal);
        Assert.Equal(1, (await FailedAsync("nope", "1")).Code);
        Assert.Equal(2, (await FailedAsync("iris")).Code);
        Assert.Equal(2, (await FailedAsync("iris", "Staging")).Code);
        Assert.Equal(2, (await FailedAsync("iris", "1", "--sessions", "0", "--cache", Cache)).Code);
        var empty = await FailedAsync("--model", Directory.CreateDirectory(Path.Join(_fresh.Folder, "empty")).FullName);
        Assert.Equal(1, empty.Code);
        Assert.Contains("neither an MLmodel file nor an .onnx file", empty.Said, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_folder_is_served_without_any_server_and_to_this_machine_only()
    {
        await using var serving = Start("--model", IrisFolder, "--port", "0", "--server", "http://127.0.0.1:1");
        var address = SlipwayProcess.FindAddress(await serving.WaitForLineAsync(line => line.StartsWith("The model is served", StringComparison.Ordinal), Patience))!;
        using var client = new HttpClient { BaseAddress = address };

        using var request = new HttpRequestMessage(HttpMethod.Get, "ping") { Headers = { Host = "evil.example" } };
        using var rebound = await client.SendAsync(request);
        using var local = await client.GetAsync(new Uri("ping", UriKind.Relative));

        Assert.Equal((400, 200), ((int)rebound.StatusCode, (int)local.StatusCode));
    }

    private LeashedProcess Start(params string[] arguments) =>
        LeashedProcess.Start(new Leash([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Join(AppContext.BaseDirectory, "slipway.dll"), "models", "serve", .. arguments])
        {
            Environment = new Dictionary<string, string> { ["SLIPWAY_SERVER"] = _server.Address.ToString() },
        });

    private async Task<string> ServedAsync(string model, string version)
    {
        await using var serving = Start(model, version, "--port", "0", "--cache", Cache);
        var address = SlipwayProcess.FindAddress(await serving.WaitForLineAsync(line => line.StartsWith("The model is served", StringComparison.Ordinal), Patience))!;
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(address, "invocations"), new StringContent(Iris, Encoding.UTF8, "application/json"));
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(int Code, string Said)> FailedAsync(params string[] arguments)
    {
        await using var serving = Start([.. arguments, "--port", "0"]);
        return (await serving.WaitForExitAsync(Patience), string.Join('\n', serving.Errors));
    }
}
