using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>What is promised of checkpoints, whatever the database.</summary>
public abstract class CheckpointContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Fresh _place = null!;
    private TestServer _server = null!;

    private string Folder => Path.Join(_place.Folder, "checkpoints");

    private string Lines => Path.Join(Folder, "1.jsonl");

    public async Task InitializeAsync()
    {
        _place = await freshDatabase();
        _server = await TestServer.StartAsync(_place, _time);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Promise]
    public async Task The_end_of_the_log_is_signed_within_a_minute_by_a_key_that_only_the_owner_can_read()
    {
        await CreateModelAsync("iris");
        await SignedAsync(1);
        await CreateModelAsync("other");
        await SignedAsync(2);

        var lines = await ReadAsync();
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Join(Folder, "1.pem")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal((await HashesAsync())[^1], lines[^1]["hash"]!.GetValue<string>());
        AssertSignedAsTheDocumentSays(lines);
        Assert.Equal((true, 2L), await VerdictAsync());
    }

    [Promise]
    public async Task A_rotated_key_is_introduced_by_the_one_before_and_the_trail_goes_on()
    {
        await CreateModelAsync("iris");
        await SignedAsync(1);
        var key = (await _server.Client.PostAsync("/api/slipway/v1/audit/rotate-key")).Ok()["key"]!.GetValue<string>();
        await SignedAsync(2);
        await RestartAsync();
        await CreateModelAsync("other");
        await SignedAsync(3);

        var lines = await ReadAsync();
        Assert.Equal(key, lines[^1]["key"]!.GetValue<string>());
        Assert.NotEqual(key, lines[0]["key"]!.GetValue<string>());
        AssertSignedAsTheDocumentSays(lines);
        Assert.Single(Directory.GetFiles(Folder, "*.jsonl"));
        Assert.Equal((true, 3L), await VerdictAsync());
    }

    [Promise]
    public async Task A_stop_signs_the_last_entries_and_a_torn_line_is_left_out()
    {
        await CreateModelAsync("iris");
        await _server.DisposeAsync();
        var signed = await ReadAsync();
        await File.AppendAllTextAsync(Lines, "{\"sequence\":");
        _server = await TestServer.StartAsync(_place, _time);
        await CreateModelAsync("other");
        await SignedAsync(2);

        Assert.NotNull(signed[^1]["sequence"]);
        AssertSignedAsTheDocumentSays(await ReadAsync());
        Assert.True((await VerdictAsync()).Sound);
    }

    [Promise]
    public async Task What_was_cut_off_is_found_by_the_server_itself()
    {
        await CreateModelAsync("iris");
        await CreateModelAsync("other");
        await SignedAsync(1);
        await using (var ingest = new Store.Ingest(_server.Database, TimeProvider.System))
        {
            await ingest.WriteAsync(async (writer, token) =>
            {
                var last = await writer.FindAsync($"select max(seq) from audit", row => row.GetInt64(0), token) - 1;
                await writer.ExecuteAsync($"delete from audit where seq > {last}", token);
                await writer.ExecuteAsync($"update audit_end set seq = {last}, hash = (select hash from audit where seq = {last})", token);
                return true;
            }, CancellationToken.None);
        }

        var verdict = (await _server.Client.GetAsync("/api/slipway/v1/audit/verdict")).Ok();

        Assert.False(verdict["sound"]!.GetValue<bool>());
        Assert.Contains("was cut off", verdict["problem"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Promise]
    public async Task Every_thousandth_entry_is_signed_without_waiting_for_a_minute()
    {
        await using (var changes = new Store.Changes(_server.Database, [], _time))
        {
            await Task.WhenAll(Enumerable.Range(0, 2100).Select(number =>
                changes.MakeAsync(new Store.Actor("ann", "none", null), new Told("note.write", $"notes/{number}"), CancellationToken.None)));
        }

        await UntilAsync(async () => Checkpoints(await ReadAsync()).Count >= 2, steps: 5);

        Assert.Equal([1000, 2000], Checkpoints(await ReadAsync()));
        Assert.True((await VerdictAsync()).Sound);
    }

    [Promise]
    public async Task A_file_whose_key_is_gone_is_left_as_it_is_and_another_is_begun()
    {
        await CreateModelAsync("iris");
        await _server.DisposeAsync();
        File.Delete(Path.Join(Folder, "1.pem"));
        var before = await File.ReadAllTextAsync(Lines);
        _server = await TestServer.StartAsync(_place, _time);

        Assert.Equal(before, await File.ReadAllTextAsync(Lines));
        Assert.True(File.Exists(Path.Join(Folder, "2.pem")));
        Assert.True((await VerdictAsync()).Sound);
    }

    private static List<long> Checkpoints(IEnumerable<JsonNode> lines) => [.. lines.Where(line => line["public"] is null).Select(line => line["sequence"]!.GetValue<long>())];

    // Written from docs/audit.md, without the code of the server.
    private static void AssertSignedAsTheDocumentSays(IEnumerable<JsonNode> lines)
    {
        ECDsa? key = null;
        foreach (var line in lines)
        {
            string Text(string name) => line[name]!.ToString();
            ECDsa? introduced = null;
            if (line["public"] is not null)
            {
                introduced = ECDsa.Create();
                introduced.ImportSubjectPublicKeyInfo(Convert.FromBase64String(Text("public")), out _);
                Assert.Equal(Text("key"), Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Text("public")))));
            }

            var signed = introduced is null
                ? $"slipway checkpoint\n{Text("sequence")}\n{Text("hash")}\n{Text("time")}\n{Text("key")}\n"
                : $"slipway key\n{Text("key")}\n{Text("public")}\n{Text("time")}\n{Text("signed_by")}\n";
            key ??= introduced;
            Assert.True(key!.VerifyData(Encoding.UTF8.GetBytes(signed), Convert.FromBase64String(Text("signature")), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), line.ToJsonString());
            key = introduced ?? key;
        }
    }

    private async Task CreateModelAsync(string name) => (await _server.Client.PostAsync("registered-models/create", new { name })).Ok();

    private async Task RestartAsync()
    {
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_place, _time);
    }

    private Task<List<string>> HashesAsync() =>
        _server.Database.ReadAsync(reader => reader.ListAsync($"select hash from audit order by seq", row => row.GetString(0), CancellationToken.None), CancellationToken.None);

    private async Task<List<JsonNode>> ReadAsync()
    {
        await using var stream = new FileStream(Lines, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private async Task<(bool Sound, long Checkpoints)> VerdictAsync()
    {
        var verdict = (await _server.Client.GetAsync("/api/slipway/v1/audit/verdict")).Ok();
        return (verdict["sound"]!.GetValue<bool>(), verdict["checkpoints"]!.GetValue<long>());
    }

    // Until so many checkpoints are there.
    private Task SignedAsync(int count) => UntilAsync(async () => Checkpoints(await ReadAsync()).Count >= count, steps: 90);

    private async Task UntilAsync(Func<Task<bool>> condition, int steps)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 20_000, "It was not signed.");
            _time.Advance(TimeSpan.FromSeconds(i < steps ? 1 : 0));
            await Task.Yield();
        }
    }
}

public sealed class CheckpointsOnSqlite() : CheckpointContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class CheckpointsOnPostgres() : CheckpointContract(Fresh.PostgresAsync)
{
    [Promise]
    public async Task Two_processes_on_one_folder_have_a_key_and_a_file_each()
    {
        await using var place = await Fresh.PostgresAsync();
        await using (var one = await TestServer.StartAsync(place))
        await using (var other = await TestServer.StartAsync(place))
        {
            (await one.Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        }

        var folder = Path.Join(place.Folder, "checkpoints");
        Assert.Equal(["1.jsonl", "2.jsonl"], Directory.GetFiles(folder, "*.jsonl").Select(Path.GetFileName).Order());
        var trail = await CheckpointTrail.ReadAsync(Directory.GetFiles(folder, "*.jsonl"), CancellationToken.None);
        Assert.Equal((null, 1L), (trail.Problem, trail.Count));
    }
}
