using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>What real failed logins leave in the audit log, and what they cost everybody else.</summary>
public abstract class FailedLoginContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private WireClient _root = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _server = await TestServer.StartAsync(_fresh, _time, options => options.TrustedProxies = "127.0.0.0/8");
        _root = _server.Client.As("root");
        (await _server.Client.PostAsync(Crowd.Native + "users", new { name = "root", password = Crowd.Password, is_admin = true })).Ok();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task Each_person_at_each_address_has_one_entry_a_minute_which_counts_the_rest()
    {
        var (near, far) = (From("198.51.100.7"), From("203.0.113.9"));
        for (var i = 0; i < 3; i++)
        {
            await AssertUnknownAsync(near.As("root", $"wrong password {i}"));
            await AssertUnknownAsync(far.As("root", $"wrong password {i}"));
            await AssertUnknownAsync(near.As($"nobody {i}", "whatever it is"));
            await AssertUnknownAsync(near.Bearing($"slw_{i}"));
            await AssertUnknownAsync(near.Bearing($"ey{i}.nonsense.x"));
        }

        await StopAsync();

        // The first at once, the others when the minute is over or the server stops.
        Assert.Equal(
            ["root 198.51.100.7 1", "root 198.51.100.7 2", "root 203.0.113.9 1", "root 203.0.113.9 2", "unknown 198.51.100.7 1", "unknown 198.51.100.7 8"],
            (await EntriesAsync()).Select(Text).Order(StringComparer.Ordinal));
    }

    [Promise]
    public async Task After_a_minute_there_is_an_entry_again()
    {
        await AssertUnknownAsync(_server.Client.As("root", "wrong password"));
        await ToldAsync(1);
        _time.Advance(TimeSpan.FromSeconds(61));
        await AssertUnknownAsync(_server.Client.As("root", "wrong password again"));

        Assert.Equal(["root 127.0.0.1 1", "root 127.0.0.1 1"], await ToldAsync(2));
    }

    [Promise]
    public async Task A_thousand_names_at_one_address_are_two_entries_and_the_right_password_opens_all_the_while()
    {
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            // Passwords that look like tokens are not worth the hashing of a password, so that they come fast.
            using var guesser = _server.Client.As($"name {number}", $"slw_{number}");
            await AssertUnknownAsync(guesser);
            if (number % 100 == 0)
            {
                (await _root.GetAsync("users/current")).Ok();
            }
        });
        using var fresh = _server.Client.As("root");
        (await fresh.GetAsync("users/current")).Ok();

        await StopAsync();

        var entries = await EntriesAsync();
        Assert.Equal(2, entries.Count);
        Assert.Equal(1000, entries.Sum(Count));
        Assert.DoesNotContain("slw_", string.Concat(entries.Select(entry => entry.ToJsonString())), StringComparison.Ordinal);
    }

    private WireClient From(string address) => _server.Client.With("X-Forwarded-For", address);

    private static async Task AssertUnknownAsync(WireClient client) => Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("users/current")).Status);

    private static long Count(JsonNode entry) => entry["count"]?.GetValue<long>() ?? 1;

    // Failures are put on record behind the backs of those who wait for an answer.
    private async Task<List<string>> ToldAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var told = (await EntriesAsync()).Select(Text).Order(StringComparer.Ordinal).ToList();
            if (told.Count >= count || patience.IsCancellationRequested)
            {
                return told;
            }

            await Task.Delay(10);
        }
    }

    // And starts it again, so that it can be asked.
    private async Task StopAsync()
    {
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_fresh, _time);
    }

    private static string Text(JsonNode entry) => string.Create(CultureInfo.InvariantCulture, $"{entry["actor"]} {entry["address"]} {Count(entry)}");

    private Task<List<JsonNode>> EntriesAsync() => _server.Database.ReadAsync(
        reader => reader.ListAsync($"select entry from audit where action = 'login.fail' order by seq", row => JsonNode.Parse(Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)))!, CancellationToken.None),
        CancellationToken.None);
}

public sealed class FailedLoginsOnSqlite() : FailedLoginContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class FailedLoginsOnPostgres() : FailedLoginContract(Fresh.PostgresAsync);
