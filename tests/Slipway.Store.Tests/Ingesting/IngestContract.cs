using System.Data.Common;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Ingesting;

/// <summary>What the hot path promises, whatever the database.</summary>
public abstract class IngestContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task What_waits_at_the_same_moment_is_written_in_one_transaction()
    {
        var seen = new List<int>();
        var kind = new WriteNotes();
        var writes = await WhileHeldAsync(() =>
        [
            .. Enumerable.Range(0, 20).Select(number => _store.Ingest.WriteAsync(kind, $"together {number}", CancellationToken.None)),
            .. Enumerable.Range(0, 20).Select(number => WriteAsync($"single {number}", async () => seen.Add((await _store.NotesAsync()).Count))),
        ]);

        await Task.WhenAll(writes);

        Assert.Equal([20], kind.GroupSizes);
        Assert.Equal([1], seen.Distinct());
        Assert.Equal(41, (await _store.NotesAsync()).Count);
    }

    [Promise]
    public async Task A_bad_request_fails_alone()
    {
        await WriteAsync("taken");
        var kind = new WriteNotes();
        var writes = await WhileHeldAsync(() =>
        [
            _store.Ingest.WriteAsync(kind, "a", CancellationToken.None),
            _store.Ingest.WriteAsync(kind, WriteNotes.Bad, CancellationToken.None),
            WriteAsync("b"),
            WriteAsync("c", () => throw Fault.NotFound("It is not there.")),
            WriteAsync("taken"),
            WriteAsync("d", () => throw new InvalidCastException("A mistake of ours.")),
            WriteAsync("e"),
        ]);

        var fates = await FatesAsync(writes);

        Assert.Equal([null, typeof(Fault), null, typeof(Fault), null, typeof(InvalidCastException), null], fates.Select(fate => fate is DbException ? null : fate?.GetType()));
        Assert.IsAssignableFrom<DbException>(fates[4]);
        Assert.Equal(["a", "b", "e", "held", "taken"], await _store.NotesAsync());
    }

    [Promise]
    public async Task Each_is_answered_after_the_commit_that_contains_it()
    {
        var door = new Door();
        var writes = await WhileHeldAsync(() => [WriteAsync("first"), WriteAsync("second", door.PassAsync)]);
        await door.Reached;

        Assert.False(writes[0].IsCompleted);
        Assert.Equal(["held"], await _store.NotesAsync());

        door.Open();
        await writes[0];
        Assert.Equal(["first", "held", "second"], await _store.NotesAsync());
        await writes[1];
    }

    [Promise]
    public async Task A_caller_who_leaves_after_it_was_taken_does_not_undo_it()
    {
        using var caller = new CancellationTokenSource();
        var door = new Door();
        var write = _store.Ingest.WriteAsync(async (writer, token) =>
        {
            await door.PassAsync();
            return await Notes.AddAsync(writer, "iris", token);
        }, caller.Token);
        await door.Reached;

        await caller.CancelAsync();
        door.Open();

        Assert.True(await write);
        Assert.Equal(["iris"], await _store.NotesAsync());
    }

    [Promise]
    public async Task A_kind_is_free_to_write_rows_in_bulk_and_to_meet_what_is_there()
    {
        await WriteAsync("note 7");

        await _store.Ingest.WriteAsync(new WriteMany(), Enumerable.Range(0, 5000).Select(number => $"note {number}").ToList(), CancellationToken.None);

        Assert.Equal(5000, (await _store.NotesAsync()).Count);
    }

    [Promise]
    public async Task Everything_that_waits_is_written_before_the_store_is_closed()
    {
        var writes = await WhileHeldAsync(() => [.. Enumerable.Range(0, 50).Select(number => WriteAsync($"note {number}"))]);

        await _store.Ingest.DisposeAsync();

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(51, (await _store.NotesAsync()).Count);
    }

    [Promise]
    public async Task Many_writers_of_both_paths_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await (writer % 4 == 0 ? (Task)_store.MakeAsync(new WriteNote($"note {writer} {i}")) : WriteAsync($"note {writer} {i}"));
            }
        })));

        Assert.Equal(320, (await _store.NotesAsync()).Count);
        Assert.Null((await _store.VerifyAsync()).Problem);
    }

    /// <summary>Lets requests queue up behind a first one.</summary>
    private async Task<List<Task>> WhileHeldAsync(Func<List<Task>> write)
    {
        var door = new Door();
        var held = WriteAsync("held", door.PassAsync);
        await door.Reached;
        var writes = write();
        door.Open();
        await held;
        return writes;
    }

    private Task<bool> WriteAsync(string name, Func<Task>? then = null) => _store.Ingest.WriteAsync(async (writer, token) =>
    {
        await Notes.AddAsync(writer, name, token);
        await (then?.Invoke() ?? Task.CompletedTask);
        return true;
    }, CancellationToken.None);

    private static async Task<List<Exception?>> FatesAsync(IEnumerable<Task> writes)
    {
        var fates = new List<Exception?>();
        foreach (var write in writes)
        {
            fates.Add(await Record.ExceptionAsync(() => write.WaitAsync(TimeSpan.FromSeconds(20))));
        }

        return fates;
    }

    /// <summary>Writes the notes of a whole group.</summary>
    private sealed class WriteNotes : IngestKind<string, bool>
    {
        public const string Bad = "bad";

        public List<int> GroupSizes { get; } = [];

        public override async Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<string, bool>> group, CancellationToken cancellationToken)
        {
            GroupSizes.Add(group.Count);
            foreach (var pending in group)
            {
                if (pending.Request == Bad)
                {
                    pending.Failure = Fault.Invalid("No.");
                }
                else
                {
                    pending.Done(await Notes.AddAsync(writer, pending.Request, cancellationToken));
                }
            }
        }
    }

    /// <summary>Writes many notes at once, but for those that are there.</summary>
    private sealed class WriteMany : IngestKind<IReadOnlyList<string>, bool>
    {
        private static readonly BulkInsert<string> Insert = new("notes", "on conflict do nothing", new TextColumn<string>("name", name => name));

        public override async Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<IReadOnlyList<string>, bool>> group, CancellationToken cancellationToken)
        {
            foreach (var pending in group)
            {
                await writer.InsertAsync(Insert, pending.Request, cancellationToken);
            }
        }
    }
}

public sealed class IngestOnSqlite() : IngestContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class IngestOnPostgres() : IngestContract(Fresh.PostgresAsync);
