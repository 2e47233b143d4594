using System.Text.Json;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Changing;

/// <summary>What one change promises, whatever the database.</summary>
public abstract class ChangesContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task Effect_entry_and_outbox_commit_together_and_name_each_other()
    {
        var answer = await _store.MakeAsync(new WriteNote("iris") { Then = Announce("second", "{}") });

        Assert.Equal("iris", answer);
        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(["1 note.write notes/iris somebody done"], await EntriesAsync());
        Assert.Equal(["note.written", "second"], await _store.ColumnAsync($"select topic from outbox where seq = 1 order by ordinal"));
        Assert.Equal(["""{"name":"iris"}""", "{}"], await _store.ColumnAsync($"select payload from outbox where seq = 1 order by ordinal"));
        Assert.Equal(
            await _store.ColumnAsync($"select at from audit"),
            await _store.ColumnAsync($"select distinct at from outbox"));
    }

    [Promise]
    public async Task The_entry_tells_who_did_what_to_what_and_what_became_of_it()
    {
        await _store.Changes.MakeAsync(
            new Actor("ann", "password", "10.0.0.1"),
            new WriteNote("iris")
            {
                Then = (change, _) =>
                {
                    change.Record("""{"stage":"None"}""", """{"stage":"Production"}""");
                    return Task.CompletedTask;
                },
            },
            CancellationToken.None);

        using var entry = await LastEntryAsync();
        Assert.Equal("ann", entry.RootElement.GetProperty("actor").GetString());
        Assert.Equal("password", entry.RootElement.GetProperty("authenticated").GetString());
        Assert.Equal("10.0.0.1", entry.RootElement.GetProperty("address").GetString());
        Assert.Equal("note.write", entry.RootElement.GetProperty("action").GetString());
        Assert.Equal("notes/iris", entry.RootElement.GetProperty("resource").GetString());
        Assert.Equal("done", entry.RootElement.GetProperty("outcome").GetString());
        Assert.Equal("None", entry.RootElement.GetProperty("before").GetProperty("stage").GetString());
        Assert.Equal("Production", entry.RootElement.GetProperty("after").GetProperty("stage").GetString());
        Assert.Equal("", entry.RootElement.GetProperty("previous").GetString());
    }

    [Promise]
    public async Task A_change_that_fails_leaves_nothing()
    {
        var fault = await Assert.ThrowsAsync<Fault>(() => _store.MakeAsync(new WriteNote("iris")
        {
            Then = async (change, token) =>
            {
                await Notes.AddAsync(change, "more", token);
                throw Fault.NotFound("It is not there.");
            },
        }));

        Assert.Equal((FaultKind.NotFound, "It is not there."), (fault.Kind, fault.Message));
        await AssertNothingHappenedAsync();
    }

    [Promise]
    public async Task A_mistake_of_ours_leaves_nothing_either()
    {
        await Assert.ThrowsAsync<InvalidCastException>(() => _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => throw new InvalidCastException() }));

        await AssertNothingHappenedAsync();
    }

    [Promise]
    public async Task A_refused_change_is_on_record_and_leaves_nothing_else()
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => _store.MakeAsync(new WriteNote("iris")
        {
            Then = (change, _) => throw new RefusedException("approvals is 0, required 1"),
        }));

        Assert.Equal(FaultKind.Denied, refusal.Kind);
        Assert.Empty(await _store.NotesAsync());
        Assert.Empty(await _store.ColumnAsync($"select topic from outbox"));
        Assert.Equal(["1 note.write notes/iris somebody refused"], await EntriesAsync());
        using var entry = await LastEntryAsync();
        Assert.Equal("approvals is 0, required 1", entry.RootElement.GetProperty("reason").GetString());
        Assert.False(entry.RootElement.TryGetProperty("before", out _));
        Assert.False(entry.RootElement.TryGetProperty("after", out _));
    }

    [Promise]
    public async Task A_failure_uses_up_no_number_of_the_chain()
    {
        await _store.MakeAsync(new WriteNote("a"));
        await Assert.ThrowsAsync<Fault>(() => _store.MakeAsync(new WriteNote("b") { Then = (_, _) => throw Fault.Invalid("No.") }));
        await _store.MakeAsync(new WriteNote("c"));

        Assert.Equal(["1 note.write notes/a somebody done", "2 note.write notes/c somebody done"], await EntriesAsync());
    }

    [Promise]
    public async Task A_caller_who_leaves_after_it_began_does_not_undo_it()
    {
        using var caller = new CancellationTokenSource();
        var door = new Door();
        var change = _store.Changes.MakeAsync(OpenStore.Somebody, new WriteNote("iris") { Then = (_, _) => door.PassAsync() }, caller.Token);
        await door.Reached;

        await caller.CancelAsync();
        door.Open();

        Assert.Equal("iris", await change);
        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(["1 note.write notes/iris somebody done"], await EntriesAsync());
    }

    [Promise]
    public async Task A_caller_who_left_before_it_began_has_changed_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _store.Changes.MakeAsync(OpenStore.Somebody, new WriteNote("iris"), new CancellationToken(canceled: true)));

        await AssertNothingHappenedAsync();
    }

    [Promise]
    public async Task Ids_that_were_taken_by_a_change_that_failed_are_no_hole_in_the_promise_never_to_be_given_twice()
    {
        var given = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var fails = i == 1;
            await Record.ExceptionAsync(() => _store.MakeAsync(new WriteNote($"note {i}")
            {
                Then = async (change, token) =>
                {
                    var id = await change.TakeIdsAsync("registered_models", 2, token);
                    given.AddRange(fails ? throw Fault.Invalid("No.") : [id - 1, id]);
                },
            }));
        }

        Assert.Equal([1, 2, 3, 4], given);
    }

    private static Func<Change, CancellationToken, Task> Announce(string topic, string payload) => (change, _) =>
    {
        change.Announce(topic, payload);
        return Task.CompletedTask;
    };

    private Task<List<string>> EntriesAsync() => _store.Database.ReadAsync(reader => reader.ListAsync(
        $"select seq, action, resource, actor, outcome from audit order by seq",
        row => $"{row.GetInt64(0)} {row.GetString(1)} {row.GetString(2)} {row.GetString(3)} {row.GetString(4)}",
        CancellationToken.None), CancellationToken.None);

    private async Task<JsonDocument> LastEntryAsync() => JsonDocument.Parse(await _store.Database.ReadAsync(reader => reader.FindAsync(
        $"select entry from audit order by seq desc limit 1", row => row.GetFieldValue<byte[]>(0), CancellationToken.None), CancellationToken.None));

    private async Task AssertNothingHappenedAsync()
    {
        Assert.Empty(await _store.NotesAsync());
        Assert.Empty(await EntriesAsync());
        Assert.Empty(await _store.ColumnAsync($"select topic from outbox"));
        Assert.Equal(["0"], await _store.ColumnAsync($"select seq from audit_end"));
    }
}

public sealed class ChangesOnSqlite() : ChangesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ChangesOnPostgres() : ChangesContract(Fresh.PostgresAsync);
