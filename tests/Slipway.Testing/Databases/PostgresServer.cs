using Npgsql;

namespace Slipway.Testing;

/// <summary>A PostgreSQL server that hands out empty databases: a cluster of this process, or the one that the environment names.</summary>
internal sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer>> _fast = new(() => StartAsync(fsync: false));
    private static readonly Lazy<Task<PostgresServer>> _durable = new(() => StartAsync(fsync: true));

    private readonly string _admin;
    private readonly string _owner;

    private PostgresServer(string admin, string owner)
    {
        _admin = admin;
        _owner = owner;
    }

    /// <summary>The connection string of a server to use instead of one of our own, if somebody gave one.</summary>
    public static string? Given => Environment.GetEnvironmentVariable("SLIPWAY_TEST_POSTGRES") is { Length: > 0 } given ? given : null;

    public static Task<PostgresServer> FastAsync() => _fast.Value;

    public static Task<PostgresServer> DurableAsync() => _durable.Value;

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"slipway_test_{Guid.NewGuid():n}";

        // template0: nobody ever connects to it, so copies may be made side by side.
        await ExecuteAsync(_admin, $"create database {name} owner {Quoted(_owner)} template template0");
        return new NpgsqlConnectionStringBuilder(_admin) { Database = name, Username = _owner }.ConnectionString;
    }

    public async Task DropDatabaseAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using (var pool = new NpgsqlConnection(database))
        {
            NpgsqlConnection.ClearPool(pool);
        }

        // A server that was killed, or a test that failed, may still hold connections.
        await ExecuteAsync(_admin, $"drop database if exists {Quoted(name)} with (force)");
    }

    private static async Task<PostgresServer> StartAsync(bool fsync)
    {
        if (Given is { } given)
        {
            return new PostgresServer(given, new NpgsqlConnectionStringBuilder(given).Username!);
        }

        var admin = await PostgresCluster.StartAsync(fsync);

        // Tests connect as an ordinary owner of a database, as installations do, so no statement gets by on being superuser.
        await ExecuteAsync(admin, "create role slipway login");
        return new PostgresServer(admin, "slipway");
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
