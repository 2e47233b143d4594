using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Reading;

/// <summary>What a read promises, whatever the database.</summary>
public abstract class ReadingContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    protected abstract bool IsRefusalToWrite(DbException exception);

    [Promise]
    public async Task The_database_itself_refuses_writes_through_a_reader()
    {
        await _store.MakeAsync(new WriteNote("kept"));

        foreach (var write in new[]
        {
            Sql.Of($"insert into notes (name) values ('sneaked') returning name"),
            Sql.Of($"update notes set name = 'changed' returning name"),
            Sql.Of($"delete from notes returning name"),
            Sql.Of($"create table sneaked (name text)"),
            Sql.Of($"update audit_end set seq = 0 returning seq"),
        })
        {
            foreach (var read in new Func<Task>[]
            {
                () => _store.Database.ReadAsync(reader => reader.AnyAsync(write, CancellationToken.None), CancellationToken.None),
                () => _store.Database.ReadAsync([new Query(write, _ => { })], CancellationToken.None),
            })
            {
                var failure = await Record.ExceptionAsync(read);

                // A server that fails over to a copy gives the same answer to a writer, and then it passes.
                var refusal = Assert.IsAssignableFrom<DbException>(failure is Fault ? failure.InnerException : failure);
                Assert.True(IsRefusalToWrite(refusal), refusal.Message);
            }
        }

        Assert.Equal(["kept"], await _store.NotesAsync());
        Assert.Null((await _store.VerifyAsync()).Problem);
    }

    [Promise]
    public async Task No_queries_at_all_are_none()
    {
        await _store.Database.ReadAsync([], CancellationToken.None);

        Assert.Equal(1, await _store.Database.ReadAsync(
            async reader =>
            {
                await reader.EachAsync([], CancellationToken.None);
                return 1;
            },
            CancellationToken.None));
    }

    [Promise]
    public async Task A_value_that_is_looked_up_is_the_one_of_this_read()
    {
        var first = new Lookup(Sql.Of($"select min(name) from notes"));
        var found = new List<string>();
        Query[] queries = [new Query($"select name from notes where name = {first}", row => found.Add(row.GetString(0))), new Query($"select name from notes where name in ({first})", row => found.Add(row.GetString(0)))];

        await _store.Database.ReadAsync(queries, CancellationToken.None);
        await _store.MakeAsync(new WriteNote("b"));
        await _store.Database.ReadAsync(queries, CancellationToken.None);
        await _store.MakeAsync(new WriteNote("a"));
        await _store.Database.ReadAsync(queries, CancellationToken.None);

        Assert.Equal(["b", "b", "a", "a"], found);
    }

    [Promise]
    public async Task Two_statements_of_one_read_see_the_same_state_while_a_writer_commits_between_them()
    {
        await _store.MakeAsync(new WriteNote("a"));

        var (first, second) = await _store.Database.ReadAsync(async reader =>
        {
            var before = await Notes.AllAsync(reader, CancellationToken.None);
            await _store.MakeAsync(new WriteNote("b"));
            await _store.Ingest.WriteAsync((writer, token) => Notes.AddAsync(writer, "c", token), CancellationToken.None);
            return (before, await Notes.AllAsync(reader, CancellationToken.None));
        }, CancellationToken.None);

        Assert.Equal(["a"], first);
        Assert.Equal(["a"], second);
        Assert.Equal(["a", "b", "c"], await _store.NotesAsync());
    }

    [Promise]
    public async Task Queries_that_are_asked_together_are_answered_each_for_itself()
    {
        await _store.MakeAsync(new WriteNote("a"));
        await _store.MakeAsync(new WriteNote("b"));

        var alone = new List<string>();
        await _store.Database.ReadAsync(Queries(alone), CancellationToken.None);
        var within = await _store.Database.ReadAsync(async reader =>
        {
            var found = await Notes.AllAsync(reader, CancellationToken.None);
            await reader.EachAsync(Queries(found), CancellationToken.None);
            return found;
        }, CancellationToken.None);

        Assert.Equal(["first b", "third a", "third b"], alone);
        Assert.Equal(["a", "b", "first b", "third a", "third b"], within);

        static Query[] Queries(List<string> found) =>
        [
            new($"select name from notes where name > {"a"}", row => found.Add($"first {row.GetString(0)}")),
            new($"select name from notes where name > {"z"}", row => found.Add($"second {row.GetString(0)}")),
            new($"select name from notes order by name", row => found.Add($"third {row.GetString(0)}")),
        ];
    }

    [Promise]
    public async Task Queries_that_are_asked_together_see_the_same_state_while_a_writer_commits_between_them()
    {
        await _store.MakeAsync(new WriteNote("a"));
        using var hasBegun = new ManualResetEventSlim();
        using var isWritten = new ManualResetEventSlim();
        var write = Task.Run(async () =>
        {
            hasBegun.Wait(TimeSpan.FromSeconds(20));
            await _store.MakeAsync(new WriteNote("b"));
            isWritten.Set();
        });

        var (first, second) = (new List<string>(), new List<string>());
        await Task.Run(() => _store.Database.ReadAsync(
        [
            new Query($"select name from notes order by name", row =>
            {
                first.Add(row.GetString(0));
                hasBegun.Set();
                Assert.True(isWritten.Wait(TimeSpan.FromSeconds(20)));
            }),
            new Query($"select name from notes order by name", row => second.Add(row.GetString(0))),
        ], CancellationToken.None));
        await write;

        Assert.Equal(["a"], first);
        Assert.Equal(["a"], second);
        Assert.Equal(["a", "b"], await _store.NotesAsync());
    }

    [Promise]
    public async Task A_query_that_fails_fails_those_that_travel_with_it_and_no_later_one()
    {
        await _store.MakeAsync(new WriteNote("a"));
        for (var i = 0; i < 30; i++)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => _store.Database.ReadAsync(
                [new Query($"select name from notes", _ => { }), new Query($"select nothing from nowhere", _ => { })], CancellationToken.None));
        }

        Assert.Equal(["a"], await _store.NotesAsync());
    }

    [Promise]
    public async Task A_read_sees_nothing_that_is_not_committed()
    {
        var door = new Door();
        var change = _store.MakeAsync(new WriteNote("late") { Then = (_, _) => door.PassAsync() });
        await door.Reached;

        Assert.Empty(await _store.NotesAsync());

        door.Open();
        await change;
        Assert.Equal(["late"], await _store.NotesAsync());
    }

    [Promise]
    public async Task A_read_that_nobody_waits_for_any_more_is_stopped()
    {
        using var caller = new CancellationTokenSource();
        var begun = new Door();
        begun.Open();
        var read = Task.Run(() => _store.Database.ReadAsync(async reader =>
        {
            await begun.PassAsync();
            return await Notes.CountForeverAsync(reader, caller.Token);
        }, caller.Token));
        await begun.Reached;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(await _store.NotesAsync());
    }

    [Promise]
    public async Task Queries_that_nobody_waits_for_any_more_are_stopped()
    {
        using var caller = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var read = Task.Run(() =>
        {
            begun.SetResult();
            return _store.Database.ReadAsync([new Query(Notes.CountForever, _ => { })], caller.Token);
        });
        await begun.Task;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(await _store.NotesAsync());
    }

    [Promise]
    public async Task Many_readers_and_a_failing_one_leave_the_next_one_unharmed()
    {
        var reads = Enumerable.Range(0, 64).Select(number => _store.Database.ReadAsync(async reader =>
        {
            await Notes.AllAsync(reader, CancellationToken.None);
            return number % 2 == 0 ? number : throw Fault.NotFound("An odd one.");
        }, CancellationToken.None)).ToList();

        await Task.WhenAll(reads.Select(async read => await Record.ExceptionAsync(() => read)));

        Assert.Equal(32, reads.Count(read => read.IsCompletedSuccessfully));
        Assert.All(reads.Where(read => read.IsFaulted), read => Assert.IsType<Fault>(read.Exception!.InnerException));
        Assert.Empty(await _store.NotesAsync());
    }
}

public sealed class ReadingOnSqlite() : ReadingContract(Fresh.SqliteAsync)
{
    protected override bool IsRefusalToWrite(DbException exception) => exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_READONLY };
}

[Needs("postgres")]
public sealed class ReadingOnPostgres() : ReadingContract(Fresh.PostgresAsync)
{
    protected override bool IsRefusalToWrite(DbException exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };
}
