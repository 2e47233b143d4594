using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Commands;

/// <summary>What the commands that look at the audit log and the past promise, as processes of their own.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh);
        (await _server.Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        (await _server.Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/model" })).Ok();
        (await _server.Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/model" })).Ok();
        (await _server.Client.PostAsync("model-versions/transition-stage", new { name = "iris", version = "2", stage = "Staging" })).Ok();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task Entries_are_listed_for_people_and_for_programs()
    {
        var (code, text, _) = await RunAsync("audit", "list", "--model", "iris", "--limit", "1");
        var (_, json, _) = await RunAsync("audit", "list", "--history", "iris", "--order", "oldest", "--json");

        Assert.Equal(0, code);
        Assert.Contains("version.transition", text, StringComparison.Ordinal);
        Assert.Contains("--cursor", text, StringComparison.Ordinal);
        Assert.Contains("\"action\":\"model.create\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_is_verified_offline_and_damage_is_named()
    {
        var file = Path.Join(_fresh.Folder, "audit.jsonl");
        Assert.Equal(0, (await RunAsync("audit", "export", "--output", file)).Code);
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_fresh);
        var checkpoints = Path.Join(_fresh.Folder, "checkpoints", "1.jsonl");

        var (sound, _, _) = await RunAsync("audit", "verify", file, "--checkpoints", checkpoints);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("Staging", "Archived", StringComparison.Ordinal));
        var (damaged, text, _) = await RunAsync("audit", "verify", file);

        Assert.Equal((0, 1), (sound, damaged));
        Assert.Contains("is not what was written", text, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("audit", "verify", file + ".missing")).Code);
    }

    [Fact]
    public async Task A_part_by_numbers_or_times_is_verified_as_a_part()
    {
        var (file, checkpoints) = (Path.Join(_fresh.Folder, "part.jsonl"), Path.Join(_fresh.Folder, "checkpoints", "1.jsonl"));
        Assert.Equal(0, (await RunAsync("audit", "export", "--from", "2", "--to", "3", "--output", file)).Code);
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_fresh);

        var (sound, text, _) = await RunAsync("audit", "verify", file, "--checkpoints", checkpoints);
        var (nothing, _, errors) = await RunAsync("audit", "export", "--to", "2001-01-01T00:00Z");

        Assert.Equal((0, 1), (sound, nothing));
        Assert.Contains("All 2 entries are sound", text, StringComparison.Ordinal);
        Assert.Contains("a part of the log, entries 2 to 3", text, StringComparison.Ordinal);
        Assert.Contains("There are no entries in that span", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_server_is_verified_and_its_key_rotated()
    {
        var (rotated, key, _) = await RunAsync("audit", "rotate-key");
        var (sound, text, _) = await RunAsync("audit", "verify");

        Assert.Equal((0, 0), (rotated, sound));
        Assert.Contains("are sound", text, StringComparison.Ordinal);
        Assert.Contains("signed with key", key, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("audit", "verify", "--checkpoints", "x")).Code);
    }

    [Fact]
    public async Task The_past_and_the_difference_are_told()
    {
        var (_, at, _) = await RunAsync("models", "at", "iris", "2100-01-01T00:00Z");
        var (_, history, _) = await RunAsync("versions", "history", "iris", "2");
        var (_, diff, _) = await RunAsync("versions", "diff", "iris", "1", "2");
        var (missing, _, errors) = await RunAsync("models", "at", "iris", "2001-01-01T00:00Z");

        Assert.Contains("no pipeline", at, StringComparison.Ordinal);
        Assert.Contains("Staging", at, StringComparison.Ordinal);
        Assert.Contains("until", history, StringComparison.Ordinal);
        Assert.Contains("signature: 0 differ", diff, StringComparison.Ordinal);
        Assert.Equal(1, missing);
        Assert.Contains("There was no registered model iris", errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments).On(_server.Address).RunAsync();
}
