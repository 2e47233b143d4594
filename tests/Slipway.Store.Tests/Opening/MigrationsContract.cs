using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Opening;

/// <summary>What opening a database promises about its schema, whatever the database.</summary>
public abstract class MigrationsContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;

    public async Task InitializeAsync() => _fresh = await freshDatabase();

    public async Task DisposeAsync() => await _fresh.DisposeAsync();

    protected Fresh Fresh => _fresh;

    [Promise]
    public async Task Steps_are_taken_in_the_order_of_their_numbers_and_once()
    {
        var first = await StepsAsync();
        var second = await StepsAsync();

        Assert.NotEmpty(first);
        Assert.Equal(1, first[0].Number);
        Assert.Equal(first.Select(step => step.Number).Distinct().Order(), first.Select(step => step.Number));
        Assert.All(first, step => Assert.Matches("^[0-9a-f]{64}$", step.Checksum));
        Assert.Equal(first, second);
    }

    [Promise]
    public async Task What_was_written_is_there_after_opening_again()
    {
        await using (var database = await OpenStore.OpenAsync(_fresh))
        await using (var changes = new Changes(database, [], TimeProvider.System))
        {
            await changes.MakeAsync(OpenStore.Somebody, new MarkCounter(), CancellationToken.None);
        }

        Assert.Equal([41L], await WithAsync(reader => reader.ListAsync($"select value from counters where name = 'runs'", row => row.GetInt64(0), CancellationToken.None)));
    }

    [Promise]
    public async Task A_database_that_is_newer_than_the_program_is_refused_and_left_alone()
    {
        var known = (await StepsAsync())[^1].Number;
        await DamageAsync($"insert into migrations (number, name, checksum, applied_at) values ({known + 1}, 'tomorrow', 'x', 0)");

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => OpenStore.OpenAsync(_fresh));

        Assert.Contains($"it has step {known + 1} (tomorrow), and this program knows steps up to {known}", refusal.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_database_of_another_build_is_refused()
    {
        await StepsAsync();
        await DamageAsync($"update migrations set checksum = 'x' where number = 1");

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => OpenStore.OpenAsync(_fresh));

        Assert.Contains("Step 1 (registry)", refusal.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_refused_database_can_be_opened_once_its_fault_is_mended()
    {
        var steps = await StepsAsync();
        await DamageAsync($"update migrations set checksum = 'x' where number = 1");
        await Assert.ThrowsAsync<SchemaException>(() => OpenStore.OpenAsync(_fresh));

        await MendAsync(steps[0].Checksum);

        Assert.Equal(steps, await StepsAsync());
    }

    protected Task<List<Step>> StepsAsync() => WithAsync(reader => reader.ListAsync(
        $"select number, checksum, applied_at from migrations order by number",
        row => new Step(row.GetInt64(0), row.GetString(1), row.GetInt64(2)),
        CancellationToken.None));

    /// <summary>Runs a statement on a database that can't be opened.</summary>
    private protected abstract Task RunAsync(string sql);

    private Task MendAsync(string checksum) => RunAsync($"update migrations set checksum = '{checksum}' where number = 1");

    private async Task DamageAsync(Sql sql)
    {
        await using var database = await OpenStore.OpenAsync(_fresh);
        await using var ingest = new Ingest(database, TimeProvider.System);
        await ingest.WriteAsync((writer, token) => writer.ExecuteAsync(sql, token), CancellationToken.None);
    }

    private async Task<T> WithAsync<T>(Func<Reader, Task<T>> read)
    {
        await using var database = await OpenStore.OpenAsync(_fresh);
        return await database.ReadAsync(read, CancellationToken.None);
    }

    protected sealed record Step(long Number, string Checksum, long AppliedAt);

    private sealed record MarkCounter : ChangeRequest<long>
    {
        public override string Action => "counter.mark";

        public override string Resource => "counters/runs";

        public override Task<long> ApplyAsync(Change change, CancellationToken cancellationToken) => change.TakeIdsAsync("runs", 41, cancellationToken);
    }
}

public sealed class MigrationsOnSqlite() : MigrationsContract(Fresh.SqliteAsync)
{
    private protected override async Task RunAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Join(Fresh.Folder, "slipway.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}

[Needs("postgres")]
public sealed class MigrationsOnPostgres() : MigrationsContract(Fresh.PostgresAsync)
{
    [Promise]
    public async Task Servers_that_start_at_the_same_moment_take_each_step_once()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenStore.OpenAsync(Fresh)));

        var steps = await StepsAsync();
        Assert.Equal(steps.Select(step => step.Number).Distinct(), steps.Select(step => step.Number));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Promise]
    public async Task One_that_starts_while_another_migrates_waits_however_long_it_takes()
    {
        await StepsAsync();
        await using var database = await OpenStore.OpenAsync(Fresh);
        Task<Database> late;
        await using (var session = await database.OpenWriterAsync(CancellationToken.None))
        {
            await session.BeginAsync(CancellationToken.None);
            await database.LockMigrationsAsync(new Writer(session, database.Dialect), CancellationToken.None);
            late = OpenStore.OpenAsync(Fresh);

            // Longer than any other lock is waited for.
            await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(TimeSpan.FromSeconds(6)));
        }

        await using var opened = await late;
    }

    private protected override async Task RunAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Fresh.Database);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
