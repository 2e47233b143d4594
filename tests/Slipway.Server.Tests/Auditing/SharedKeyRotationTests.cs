using System.Text.Json.Nodes;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>A rotation that one process is asked for is one of all processes on the database.</summary>
[Needs("postgres")]
public sealed class SharedKeyRotationTests : IAsyncLifetime
{
    private const string Rotate = "/api/slipway/v1/audit/rotate-key";

    private Fresh _fresh = null!;

    private string Folder => Path.Join(_fresh.Folder, "checkpoints");

    public async Task InitializeAsync() => _fresh = await Fresh.PostgresAsync();

    public async Task DisposeAsync() => await _fresh.DisposeAsync();

    [Promise]
    public async Task Every_process_takes_a_new_key_also_one_that_was_not_running()
    {
        await using var one = await SlipwayProcess.StartAsync(_fresh);
        var other = await SlipwayProcess.StartAsync(_fresh);
        using var client = new WireClient(one.Address);
        (await client.PostAsync("registered-models/create", new { name = "iris" })).Ok();

        var key = (await client.PostAsync(Rotate)).Ok()["key"]!.GetValue<string>();
        await UntilKeysAsync(2, 2);
        Assert.Equal(key, (await LinesAsync(1))[^1]["key"]!.GetValue<string>());

        await other.StopAsync();
        await other.DisposeAsync();
        (await client.PostAsync(Rotate)).Ok();
        await UntilKeysAsync(3, 2);
        await using var again = await SlipwayProcess.StartAsync(_fresh);
        await UntilKeysAsync(3, 3);

        (await client.PostAsync("registered-models/create", new { name = "other" })).Ok();
        await one.StopAsync();
        await again.StopAsync();
        await AssertSignedByTheLastKeyAsync(1);
        await AssertSignedByTheLastKeyAsync(2);
        Assert.Null((await CheckpointTrail.ReadAsync(Directory.GetFiles(Folder, "*.jsonl"), CancellationToken.None)).Problem);
        Assert.Empty(Directory.GetFiles(Folder, "*.next.pem"));
    }

    // And no more than so many: each rotation is followed once.
    private async Task UntilKeysAsync(int first, int second)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await KeysAsync(1), await KeysAsync(2)) is var found && found != (first, second))
        {
            Assert.False(patience.IsCancellationRequested || found.Item1 > first || found.Item2 > second, $"There are {found} keys in place of {(first, second)}.");
            await Task.Delay(50);
        }
    }

    private async Task<int> KeysAsync(int file) => (await LinesAsync(file)).Count(line => line["public"] is not null);

    private async Task AssertSignedByTheLastKeyAsync(int file)
    {
        var lines = await LinesAsync(file);
        Assert.NotNull(lines[^1]["sequence"]);
        Assert.Equal(lines.Last(line => line["public"] is not null)["key"]!.ToString(), lines[^1]["key"]!.ToString());
    }

    private async Task<List<JsonNode>> LinesAsync(int file)
    {
        await using var stream = new FileStream(Path.Join(Folder, $"{file}.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
