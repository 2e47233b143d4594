using System.Collections.Concurrent;
using System.Data.Common;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Changing;

/// <summary>What changes promise that wait at the same moment, whatever the database.</summary>
public abstract class ChangeGroupContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private const int Limit = 32;
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task They_share_commits_of_at_most_32()
    {
        // What others see while a change is applied tells which commit it belongs to.
        var seen = new ConcurrentQueue<int>();
        await TogetherAsync(Enumerable.Range(0, 100).Select(number => new WriteNote($"note {number}")
        {
            Then = async (_, _) => seen.Enqueue((await _store.NotesAsync()).Count),
        }));

        var groups = seen.GroupBy(count => count).Select(group => group.Count()).ToList();
        Assert.Equal(100, groups.Sum());
        Assert.All(groups, size => Assert.InRange(size, 1, Limit));
        Assert.True(groups.Count < 50, $"100 changes took {groups.Count} commits.");
        Assert.Equal(100, (await _store.VerifyAsync()).Entries);
    }

    [Promise]
    public async Task Each_has_its_own_fate()
    {
        await _store.MakeAsync(new WriteNote("taken"));

        var fates = await TogetherAsync(
        [
            new WriteNote("a"),
            new WriteNote("b") { Then = (_, _) => throw Fault.Invalid("No.") },
            new WriteNote("c"),
            new WriteNote("d") { Then = (_, _) => throw new RefusedException("Not now.") },
            new WriteNote("taken"),
            new WriteNote("e"),
        ]);

        Assert.Equal([null, typeof(Fault), null, typeof(RefusedException), null, null], fates.Select(fate => fate is DbException ? null : fate?.GetType()));
        Assert.IsAssignableFrom<DbException>(fates[4]);
        Assert.Equal(["a", "c", "e", "taken"], await _store.NotesAsync());
        Assert.Equal(["done", "done", "done", "refused", "done"], await _store.ColumnAsync($"select outcome from audit order by seq"));
        Assert.Equal(4, (await _store.ColumnAsync($"select topic from outbox")).Count);
        Assert.Equal(new AuditFinding(5, null), await _store.VerifyAsync());
    }

    [Promise]
    public async Task A_later_one_builds_on_an_earlier_one_and_not_on_one_that_failed()
    {
        var counts = new List<long>();
        await TogetherAsync(
        [
            new WriteNote("a") { Then = CountAsync },
            new WriteNote("b") { Then = (_, _) => throw Fault.Invalid("No.") },
            new WriteNote("c") { Then = CountAsync },
        ]);

        Assert.Equal([1, 2], counts);

        async Task CountAsync(Change change, CancellationToken cancellationToken) => counts.Add(await Notes.CountAsync(change, cancellationToken));
    }

    [Promise]
    public async Task None_is_answered_before_the_commit_that_contains_it()
    {
        var door = new Door();
        Task<string> first;
        Task<string> second;
        await using (await _store.HoldChangesAsync())
        {
            first = _store.MakeAsync(new WriteNote("first"));
            second = _store.MakeAsync(new WriteNote("second") { Then = (_, _) => door.PassAsync() });
        }

        await door.Reached;
        if ((await _store.NotesAsync()).Count == 0)
        {
            // They share a transaction, as they nearly always do.
            Assert.False(first.IsCompleted);
        }

        door.Open();
        await Task.WhenAll(first, second);
        Assert.Equal(["first", "second"], await _store.NotesAsync());
    }

    [Promise]
    public async Task One_that_takes_too_long_is_ended_and_the_others_are_not_harmed()
    {
        var fates = await TogetherAsync(
        [
            new WriteNote("before"),
            new WriteNote("slow query") { Then = (change, token) => Notes.CountForeverAsync(change, token) },
            new WriteNote("between"),
            new WriteNote("slow write") { Then = (change, token) => WriteForeverAsync(change, token) },
            new WriteNote("after"),
        ]);

        Assert.Equal([true, false, true, false, true], fates.Select(fate => fate is null));
        Assert.All(fates.OfType<Exception>(), fate => Assert.Equal(FaultKind.Unavailable, Assert.IsType<Fault>(fate).Kind));
        Assert.Equal(["after", "before", "between"], await _store.NotesAsync());
        Assert.Equal(["notes/after", "notes/before", "notes/between"], await _store.ColumnAsync($"select resource from audit order by resource"));
        Assert.Null((await _store.VerifyAsync()).Problem);
        Assert.Equal("later", await _store.MakeAsync(new WriteNote("later")));
    }

    [Promise]
    public async Task They_are_finished_before_the_store_is_closed()
    {
        var waiting = await _store.HoldChangesAsync();
        var changes = Enumerable.Range(0, 40).Select(number => _store.MakeAsync(new WriteNote($"note {number}"))).ToList();

        var closing = _store.Changes.DisposeAsync().AsTask();
        await waiting.DisposeAsync();
        await closing;

        await Task.WhenAll(changes).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(40, (await _store.NotesAsync()).Count);
    }

    /// <summary>Makes changes that all wait at the same moment, and answers what became of each; null is success.</summary>
    private async Task<List<Exception?>> TogetherAsync(IEnumerable<WriteNote> requests)
    {
        List<Task<string>> changes;
        await using (await _store.HoldChangesAsync())
        {
            changes = [.. requests.Select(_store.MakeAsync)];
        }

        var fates = new List<Exception?>();
        foreach (var change in changes)
        {
            fates.Add(await Record.ExceptionAsync(() => change.WaitAsync(TimeSpan.FromSeconds(60))));
        }

        return fates;
    }

    private static Task<int> WriteForeverAsync(Writer writer, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into notes (name)
            with recursive forever (n) as (select 1 union all select n + 1 - n from forever)
            select 'more' from forever where n = 0
            """, cancellationToken);
}

public sealed class ChangeGroupOnSqlite() : ChangeGroupContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ChangeGroupOnPostgres() : ChangeGroupContract(Fresh.PostgresAsync);
