using System.Globalization;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Auditing;

/// <summary>What is promised of refusals: all are counted, and nobody floods the log with them, whatever the database.</summary>
public abstract class RefusalsContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase, new StoreSetup { Time = _time });

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task Within_a_minute_one_entry_is_written_and_the_next_one_tells_how_many_there_were()
    {
        await RefuseAsync(50);
        Assert.Equal(["1"], await CountsAsync());

        _time.Advance(TimeSpan.FromSeconds(59));
        await RefuseAsync(1);
        Assert.Equal(["1"], await CountsAsync());

        // The timer may tell of them before the next refusal does; either way none is lost.
        _time.Advance(TimeSpan.FromSeconds(2));
        await RefuseAsync(1);
        await _store.Changes.DisposeAsync();
        Assert.Equal(52, (await CountsAsync()).Sum(count => int.Parse(count, CultureInfo.InvariantCulture)));
        Assert.Null((await _store.VerifyAsync()).Problem);
    }

    [Promise]
    public async Task What_was_counted_is_told_after_its_minute_although_nothing_else_happens()
    {
        await RefuseAsync(5);

        await AdvanceUntilAsync(TimeSpan.FromSeconds(10), async () => (await CountsAsync()).Count == 2);

        Assert.Equal(["1", "4"], await CountsAsync());
        Assert.Equal(["note.write notes/n refused somebody"], (await _store.ColumnAsync($"select action || ' ' || resource || ' ' || outcome || ' ' || actor from audit")).Distinct());
        Assert.Null((await _store.VerifyAsync()).Problem);
    }

    [Promise]
    public async Task People_addresses_and_failed_logins_are_counted_apart()
    {
        foreach (var actor in new[] { new Actor("ann", "token", "10.0.0.1"), new Actor("ann", "token", "10.0.0.2"), new Actor("bob", "token", "10.0.0.1"), new Actor("ann", "none", "10.0.0.1") })
        {
            for (var i = 0; i < 3; i++)
            {
                await Assert.ThrowsAsync<RefusedException>(() => _store.Changes.MakeAsync(actor, new Refused("note.write"), CancellationToken.None));
            }
        }

        await Assert.ThrowsAsync<RefusedException>(() => _store.Changes.MakeAsync(new Actor("ann", "none", "10.0.0.1"), new Refused("login.fail"), CancellationToken.None));

        Assert.Equal(
            ["ann note.write", "ann note.write", "bob note.write", "ann login.fail"],
            await _store.ColumnAsync($"select actor || ' ' || action from audit order by seq"));
    }

    [Promise]
    public async Task However_many_names_are_tried_the_log_grows_by_a_bounded_number_and_tells_of_all()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number =>
            Assert.ThrowsAsync<RefusedException>(() => _store.Changes.MakeAsync(new Actor($"name {number}", "none", "10.0.0.1"), new Refused("login.fail"), CancellationToken.None))));

        Assert.InRange((await CountsAsync()).Count, 200, 300);
        await _store.Changes.DisposeAsync();
        Assert.Equal(2000, (await CountsAsync()).Sum(count => int.Parse(count, CultureInfo.InvariantCulture)));
        Assert.Null((await _store.VerifyAsync()).Problem);
    }

    [Promise]
    public async Task A_transaction_that_is_lost_counts_nothing()
    {
        await _store.MakeAsync(new WriteNote("taken"));
        List<Task> changes;
        await using (await _store.HoldChangesAsync())
        {
            // The duplicate name costs all of them their transaction, and each is tried again alone.
            changes = [.. Enumerable.Range(0, 8).Select(number => number == 4
                ? (Task)_store.MakeAsync(new WriteNote("taken"))
                : _store.MakeAsync(new Refused("note.write")))];
        }

        foreach (var change in changes)
        {
            Assert.NotNull(await Record.ExceptionAsync(() => change));
        }

        await _store.Changes.DisposeAsync();
        Assert.Equal(7, (await CountsAsync()).Sum(count => int.Parse(count, CultureInfo.InvariantCulture)));
    }

    private async Task RefuseAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<RefusedException>(() => _store.MakeAsync(new Refused("note.write")));
        }
    }

    private async Task AdvanceUntilAsync(TimeSpan step, Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1000 && !await condition(); i++)
        {
            _time.Advance(i < 12 ? step : TimeSpan.Zero);
        }
    }

    // What each entry of a refusal stands for.
    private async Task<List<string>> CountsAsync()
    {
        var entries = await _store.Database.ReadAsync(reader => AuditLog.ListAsync(reader, new AuditQuery { Outcome = "refused", IsOldestFirst = true }, CancellationToken.None), CancellationToken.None);
        return [.. entries.Select(row =>
        {
            using var entry = System.Text.Json.JsonDocument.Parse(row.Entry);
            return entry.RootElement.TryGetProperty("count", out var count) ? count.ToString() : "1";
        })];
    }

    private sealed record Refused(string Verb) : ChangeRequest<bool>
    {
        public override string Action => Verb;

        public override string Resource => "notes/n";

        public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken) => throw new RefusedException("Not you.");
    }
}

public sealed class RefusalsOnSqlite() : RefusalsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RefusalsOnPostgres() : RefusalsContract(Fresh.PostgresAsync);
