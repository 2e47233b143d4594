namespace Slipway.Testing;

/// <summary>An empty database and an empty folder for one test, both gone when it is disposed.</summary>
public sealed class Fresh : IAsyncDisposable
{
    private readonly PostgresServer? _server;

    private Fresh(PostgresServer? server, string? database)
    {
        _server = server;
        Database = database;
        // Made by the runtime with mode 0700.
        Folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    }

    /// <summary>What to give the server as its database: null for SQLite in the folder, else a connection string.</summary>
    public string? Database { get; }

    public string Folder { get; }

    public string Kind => _server is null ? "sqlite" : "postgres";

    public static Task<Fresh> SqliteAsync() => Task.FromResult(new Fresh(null, null));

    /// <summary>A database on a server that forgets fsync: as exact as any, until the machine loses power.</summary>
    public static async Task<Fresh> PostgresAsync() => await OnAsync(await PostgresServer.FastAsync());

    /// <summary>The same on a second server with fsync on, for measurements.</summary>
    public static async Task<Fresh> DurablePostgresAsync() => await OnAsync(await PostgresServer.DurableAsync());

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DropDatabaseAsync(Database!);
        }

        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static async Task<Fresh> OnAsync(PostgresServer server) => new(server, await server.CreateDatabaseAsync());
}
