using Npgsql;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>What is promised when PostgreSQL gives up a transaction that may succeed a moment later.</summary>
[Needs("postgres")]
public sealed class PassingFailureTests : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(Fresh.PostgresAsync);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [PromiseTheory]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    public async Task Changes_are_tried_again_one_by_one(string code)
    {
        List<Task<string>> changes;
        var attempts = 0;
        await using (await _store.HoldChangesAsync())
        {
            changes =
            [
                _store.MakeAsync(new WriteNote("a")),
                _store.MakeAsync(new WriteNote("b") { Then = (change, token) => ++attempts < 3 ? FailAsync(change, code, token) : Task.CompletedTask }),
                _store.MakeAsync(new WriteNote("c")),
            ];
        }

        Assert.Equal(["a", "b", "c"], await Task.WhenAll(changes));
        Assert.Equal(["a", "b", "c"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(3, null), await _store.VerifyAsync());
    }

    [PromiseTheory]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    public async Task Writes_of_the_hot_path_are_tried_again_one_by_one(string code)
    {
        var attempts = 0;
        var writes = Enumerable.Range(0, 3).Select(number => _store.Ingest.WriteAsync(async (writer, token) =>
        {
            await Notes.AddAsync(writer, $"note {number}", token);
            if (number == 1 && ++attempts < 3)
            {
                await FailAsync(writer, code, token);
            }

            return true;
        }, CancellationToken.None));

        await Task.WhenAll(writes);

        Assert.Equal(["note 0", "note 1", "note 2"], await _store.NotesAsync());
    }

    [Promise]
    public async Task What_fails_every_time_is_given_up_as_unavailable()
    {
        var attempts = 0;

        var change = await Assert.ThrowsAsync<Fault>(() => _store.MakeAsync(new WriteNote("a") { Then = (change, token) => FailCountedAsync(change, token) }));
        var attemptsOfChange = attempts;
        var write = await Assert.ThrowsAsync<Fault>(() => _store.Ingest.WriteAsync(async (writer, token) =>
        {
            await FailCountedAsync(writer, token);
            return true;
        }, CancellationToken.None));

        Assert.Equal((FaultKind.Unavailable, FaultKind.Unavailable), (change.Kind, write.Kind));
        Assert.Equal((4, 4), (attemptsOfChange, attempts - attemptsOfChange));
        Assert.Empty(await _store.NotesAsync());

        Task FailCountedAsync(Writer writer, CancellationToken cancellationToken)
        {
            attempts++;
            return FailAsync(writer, PostgresErrorCodes.SerializationFailure, cancellationToken);
        }
    }

    [Promise]
    public async Task A_real_deadlock_between_a_change_and_the_hot_path_harms_neither()
    {
        await _store.MakeAsync(new WriteNote("a"));
        await _store.MakeAsync(new WriteNote("b"));
        using var both = new Barrier(2);
        var (changed, written) = (0, 0);

        var change = _store.MakeAsync(new WriteNote("c") { Then = (change, token) => TouchAsync(change, ["a", "b"], ++changed == 1, token) });
        var write = _store.Ingest.WriteAsync((writer, token) => TouchAsync(writer, ["b", "a"], ++written == 1, token), CancellationToken.None);
        await Task.WhenAll(change, write).WaitAsync(TimeSpan.FromSeconds(30));

        // One is the victim. While the other wakes up, the victim's next attempt may take a lock before it, and they meet once more.
        Assert.InRange(changed + written, 3, 6);
        Assert.Equal(["a!!", "b!!", "c"], await _store.NotesAsync());

        async Task<bool> TouchAsync(Writer writer, string[] names, bool meet, CancellationToken cancellationToken)
        {
            foreach (var name in names)
            {
                await writer.ExecuteAsync($"update notes set name = name || '!' where name like {name + "%"}", cancellationToken);
                if (meet && name == names[0])
                {
                    await Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(20), CancellationToken.None), CancellationToken.None);
                }
            }

            return true;
        }
    }

    [Promise]
    public async Task Connections_that_the_server_ended_are_replaced()
    {
        await _store.NotesAsync();
        await EndOthersAsync();

        await UntilItWorksAsync(_store.NotesAsync);
        await UntilItWorksAsync(() => _store.MakeAsync(new WriteNote("iris")));
        await EndOthersAsync();
        await UntilItWorksAsync(() => _store.Ingest.WriteAsync((writer, token) => Notes.AddAsync(writer, "rose", token), CancellationToken.None));

        Assert.Equal(["iris", "rose"], await UntilItWorksAsync(_store.NotesAsync));
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    [Promise]
    public async Task A_change_whose_connection_dies_half_way_is_made_in_a_new_one()
    {
        var applied = 0;

        Assert.Equal("iris", await _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => ++applied == 1 ? EndOthersAsync() : Task.CompletedTask }));

        Assert.Equal(2, applied);
        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    // The pool learns of a dead connection from whoever tries it: that is a moment's unavailability, and nothing else.
    private static async Task<T> UntilItWorksAsync<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Fault fault) when (fault.Kind == FaultKind.Unavailable && attempt < 3)
            {
            }
        }
    }

    private static Task FailAsync(Writer writer, string code, CancellationToken cancellationToken)
    {
        var sql = new Sql(64, 0);
        sql.AppendLiteral($"do 'begin raise exception using errcode = ''{code}''; end'");
        return writer.ExecuteAsync(sql, cancellationToken);
    }

    // Through a connection of its own, so that it ends all others of this database.
    private async Task EndOthersAsync()
    {
        await using var connection = new NpgsqlConnection(_store.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
        await command.ExecuteNonQueryAsync();
        NpgsqlConnection.ClearPool(connection);
    }
}
