using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Store.Sqlite;

/// <summary>SQLite in WAL mode: one writer, many readers, one process.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly FolderLock _lock;
    private readonly string _file;

    static SqliteDatabase()
    {
        Batteries_V2.Init();

        // A connection is lent to one at a time, so the library need not lock it; nor does anybody ask for the totals that each of its allocations would be counted in, under one lock.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteDatabase(FolderLock folderLock, string file)
    {
        _lock = folderLock;
        _file = file;
        Connections = new SqliteConnections(file);
    }

    public override Dialect Dialect { get; } = new SqliteDialect();

    public override bool IsShared => false;

    public override string Description => $"SQLite {raw.sqlite3_libversion().utf8_to_string()}, {_file}";

    internal SqliteConnections Connections { get; }

    public static Task<SqliteDatabase> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folderLock = FolderLock.Take(folder);
        try
        {
            return Task.FromResult(new SqliteDatabase(folderLock, Path.Combine(Path.GetFullPath(folder), "slipway.db")));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    public override void Shrink() => Connections.Shrink();

    public override ValueTask DisposeAsync()
    {
        Connections.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override async Task<Session> OpenReaderAsync(CancellationToken cancellationToken) => await Connections.LendReaderAsync(cancellationToken);

    internal override async Task<Session> OpenWriterAsync(CancellationToken cancellationToken) => await Connections.LendWriterAsync(cancellationToken);

    internal override Task LockMigrationsAsync(Writer writer, CancellationToken cancellationToken) => Task.CompletedTask;

    internal override Task<bool> WasCommittedAsync(string mark, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A commit that fails in SQLite has not taken effect.");

    internal override bool IsPassing(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_INTERRUPT };

    internal override Fault? Translate(DbException exception) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => Fault.Unavailable("The disk that holds the database is full. Free some space; nothing that was acknowledged is lost.", exception),
        raw.SQLITE_IOERR => Fault.Unavailable("The disk that holds the database does not answer.", exception),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_INTERRUPT => Fault.Unavailable("The database is busy. Try again.", exception),
        _ => null,
    };
}
