using Npgsql;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>What is promised of queries that PostgreSQL is asked in one piece.</summary>
[Needs("postgres")]
public sealed class TravellingTogetherTests : IAsyncLifetime
{
    private CuttingProxy _proxy = null!;
    private OpenStore _store = null!;

    public async Task InitializeAsync()
    {
        var fresh = await Fresh.PostgresAsync();
        _proxy = new CuttingProxy(fresh);
        _store = await OpenStore.OnAsync(() => Task.FromResult(fresh), new StoreSetup { Through = _proxy.ConnectionString });
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    // The middle one waits inside the server for a lock that the test holds.
    [Promise]
    public async Task They_see_one_picture_whatever_is_committed_between_them()
    {
        await _store.MakeAsync(new WriteNote("a"));
        await using var other = new NpgsqlConnection(_store.ConnectionString);
        await other.OpenAsync();
        await AskAsync(other, "select 1 from pg_advisory_lock(77)");

        var (first, second) = (new List<string>(), new List<string>());
        var read = _store.Database.ReadAsync(
        [
            new Query($"select name from notes order by name", row => first.Add(row.GetString(0))),
            new Query($"select 1 from pg_advisory_xact_lock(77)", _ => { }),
            new Query($"select name from notes order by name", row => second.Add(row.GetString(0))),
        ], CancellationToken.None);
        await WaitUntilAsync(other, "select 1 from pg_locks where locktype = 'advisory' and objid = 77 and not granted");
        await _store.MakeAsync(new WriteNote("b"));
        await AskAsync(other, "select 1 from pg_advisory_unlock(77)");
        await read;

        Assert.Equal(["a"], first);
        Assert.Equal(["a"], second);
        Assert.Equal(["a", "b"], await _store.NotesAsync());
    }

    [Promise]
    public async Task They_take_one_way_there_and_back_and_leave_no_transaction_behind()
    {
        Query[] queries = [new($"select name from notes", _ => { }), new($"select name from notes order by name", _ => { }), new($"select count(*) from notes", _ => { })];
        await _store.Database.ReadAsync(queries, CancellationToken.None);

        var before = _proxy.Requests;
        await _store.Database.ReadAsync(queries, CancellationToken.None);

        Assert.Equal(1, _proxy.Requests - before);
        Assert.Equal(["0"], await _store.ColumnAsync($"select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));
    }

    [Promise]
    public async Task A_read_of_several_steps_begins_with_the_first_of_them()
    {
        await _store.NotesAsync();

        var before = _proxy.Requests;
        await _store.NotesAsync();

        // One with the begin in it, and the end.
        Assert.Equal(2, _proxy.Requests - before);
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync() is not null;
    }

    private static async Task WaitUntilAsync(NpgsqlConnection connection, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await AskAsync(connection, text))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
