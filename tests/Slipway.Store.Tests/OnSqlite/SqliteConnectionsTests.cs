using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Store.Sqlite;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnSqlite;

/// <summary>How every connection to SQLite is set up.</summary>
public sealed class SqliteConnectionsTests : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(Fresh.SqliteAsync);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Every_connection_writes_ahead_and_syncs_each_commit_and_readers_only_read()
    {
        await OpenReadersAsync(3);
        var connections = ((SqliteDatabase)_store.Database).Connections.Idle.Select(wire => wire.Connection).ToList();

        Assert.Equal(4, connections.Count);
        Assert.All(connections, connection => Assert.Equal("wal", Ask(connection, "pragma journal_mode")));
        Assert.All(connections, connection => Assert.Equal("2", Ask(connection, "pragma synchronous")));
        Assert.All(connections, connection => Assert.Equal("0", Ask(connection, "pragma read_uncommitted")));
        Assert.Equal(["0", "1", "1", "1"], connections.Select(connection => Ask(connection, "pragma query_only")));
    }

    [Fact]
    public async Task A_reader_is_used_again_and_their_number_is_bounded()
    {
        for (var i = 0; i < 3; i++)
        {
            await _store.NotesAsync();
        }

        Assert.Equal(2, ((SqliteDatabase)_store.Database).Connections.Idle.Count());

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _store.Database.ReadAsync(async reader =>
        {
            await Task.Yield();
            return await Notes.AllAsync(reader, CancellationToken.None);
        }, CancellationToken.None)));

        Assert.InRange(((SqliteDatabase)_store.Database).Connections.Idle.Count(), 2, 1 + Math.Max(4, Environment.ProcessorCount * 2));
    }

    // Those that read at the same moment each have a connection.
    private async Task OpenReadersAsync(int count)
    {
        var doors = Enumerable.Range(0, count).Select(_ => new Door()).ToList();
        var reads = doors.ConvertAll(door => _store.Database.ReadAsync(async reader =>
        {
            await door.PassAsync();
            return await Notes.AllAsync(reader, CancellationToken.None);
        }, CancellationToken.None));
        doors.ForEach(door => door.Open());
        await Task.WhenAll(reads);
    }

    private static string Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }
}
