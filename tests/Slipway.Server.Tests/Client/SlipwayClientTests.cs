using System.Text;
using Slipway.Client;
using Slipway.Testing;
using Slipway.Wire;
using Slipway.Wire.Registry;
using Slipway.Wire.Tracking;
using Xunit;

namespace Slipway.Server.Tests.Client;

/// <summary>What the C# client promises, against a real server.</summary>
public sealed class SlipwayClientTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private SlipwayClient _client = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh);
        _client = new SlipwayClient(_server.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task It_trains_registers_promotes_and_loads()
    {
        var experiment = await _client.CreateExperimentAsync(new CreateExperimentRequest("iris", null, null));
        var run = await _client.CreateRunAsync(new CreateRunRequest(experiment, "ann", "first", 1, null));
        await _client.LogBatchAsync(new LogBatchRequest(run.Info.RunId, [new Metric { Key = "acc", Value = 0.9, Timestamp = 1 }], [new KeyValue("lr", "0.1")], null));
        var folder = $"{experiment}/{run.Info.RunId}/artifacts/model";
        await _client.UploadArtifactAsync($"{folder}/the model.bin", new MemoryStream("weights"u8.ToArray()));
        await _client.CreateRegisteredModelAsync(new CreateRegisteredModelRequest("iris", null, null));
        var version = await _client.CreateModelVersionAsync(new CreateModelVersionRequest { Name = "iris", Source = $"mlflow-artifacts:/{folder}", RunId = run.Info.RunId });
        await _client.TransitionStageAsync(new TransitionStageRequest("iris", version.Version, "Production", ArchiveExistingVersions: true));

        var production = Assert.Single(await _client.GetLatestVersionsAsync(new GetLatestVersionsRequest("iris", ["Production"])));
        Assert.Equal("1", production.Version);
        var found = await _client.SearchRunsAsync(new SearchRunsRequest([experiment], "metrics.acc > 0.8 and params.lr = '0.1'", null, null, null, null));
        Assert.Equal(run.Info.RunId, Assert.Single(found.Runs!).Info.RunId);
    }

    [Fact]
    public async Task What_is_uploaded_comes_back()
    {
        await _client.UploadArtifactAsync("0/notes/a b+ü.txt", new MemoryStream(Encoding.UTF8.GetBytes("weights")));

        await using var stream = await _client.DownloadArtifactAsync("0/notes/a b+ü.txt");

        using var reader = new StreamReader(stream);
        Assert.Equal("weights", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task An_error_of_the_server_keeps_its_code_and_its_sentence()
    {
        var failure = await Assert.ThrowsAsync<SlipwayException>(() => _client.GetLatestVersionsAsync(new GetLatestVersionsRequest("nope", null)));

        Assert.Equal(ErrorCode.ResourceDoesNotExist, failure.Code);
        Assert.Contains("nope", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_to_be_unreachable()
    {
        using var lost = new SlipwayClient(new Uri("http://127.0.0.1:1"));

        await Assert.ThrowsAsync<ServerUnreachableException>(() => lost.PingAsync());
    }
}
