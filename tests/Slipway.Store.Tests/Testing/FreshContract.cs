using System.Runtime.Versioning;
using Npgsql;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Testing;

/// <summary>What a fresh place for a test promises, whatever the database.</summary>
public abstract class FreshContract(Func<Task<Fresh>> freshDatabase, string kind)
{
    [Promise]
    [UnsupportedOSPlatform("windows")]
    public async Task It_is_an_empty_folder_of_our_own_and_gone_afterwards()
    {
        string folder;
        await using (var fresh = await freshDatabase())
        {
            folder = fresh.Folder;
            Assert.Equal(kind, fresh.Kind);
            Assert.Equal(kind == "sqlite", fresh.Database is null);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            await File.WriteAllTextAsync(Path.Join(folder, "left"), "behind");
        }

        Assert.False(Directory.Exists(folder));
    }

    [Promise]
    public async Task Two_of_them_share_nothing()
    {
        await using var one = await freshDatabase();
        await using var other = await freshDatabase();

        Assert.NotEqual(one.Folder, other.Folder);
        Assert.True(one.Database is null || one.Database != other.Database);
    }
}

public sealed class FreshOnSqlite() : FreshContract(Fresh.SqliteAsync, "sqlite");

[Needs("postgres")]
public sealed class FreshOnPostgres() : FreshContract(Fresh.PostgresAsync, "postgres")
{
    [Promise]
    public async Task Its_database_is_empty_and_ours_to_change_without_being_superuser()
    {
        await using var fresh = await Fresh.PostgresAsync();

        Assert.Equal(0L, await AskAsync(fresh, "select count(*) from pg_tables where schemaname = 'public'"));
        Assert.Equal("made", await AskAsync(fresh, "create table t(v text); insert into t values ('made') returning v"));
        if (Environment.GetEnvironmentVariable("SLIPWAY_TEST_POSTGRES") is null)
        {
            Assert.Equal("off", await AskAsync(fresh, "select current_setting('is_superuser')"));
        }
    }

    [Promise]
    public async Task Databases_are_made_side_by_side_and_dropped_under_open_connections()
    {
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Fresh.PostgresAsync()));
        await using var open = new NpgsqlConnection(many[0].Database);
        await open.OpenAsync();

        await Task.WhenAll(many.Select(fresh => fresh.DisposeAsync().AsTask()));

        foreach (var fresh in many)
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(fresh, "select 1"));
            Assert.Equal(PostgresErrorCodes.InvalidCatalogName, refusal.SqlState);
        }
    }

    [Promise]
    public async Task Fsync_is_on_only_where_it_is_asked_for()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_TEST_POSTGRES") is not null)
        {
            return;
        }

        await using var fast = await Fresh.PostgresAsync();
        await using var durable = await Fresh.DurablePostgresAsync();

        Assert.Equal("off", await AskAsync(fast, "show fsync"));
        Assert.Equal("on", await AskAsync(durable, "show fsync"));
        Assert.Equal("on", await AskAsync(fast, "show synchronous_commit"));
    }

    private static async Task<object?> AskAsync(Fresh fresh, string sql)
    {
        await using var connection = new NpgsqlConnection(fresh.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
