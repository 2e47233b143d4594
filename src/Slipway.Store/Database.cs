using System.Data.Common;

namespace Slipway.Store;

/// <summary>The database: consistent reads for all; writes only through <see cref="Changes"/> and <see cref="Ingest"/>.</summary>
public abstract class Database : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>Whether other processes may use it at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>What the database is, for people: never with a password.</summary>
    public abstract string Description { get; }

    /// <summary>What is wrong with the name of a PostgreSQL database; null when nothing is.</summary>
    public static string? ProblemWith(string connectionString)
    {
        try
        {
            Postgres.PostgresLocation.Parse(connectionString);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text may hold a password, so it is not repeated, nor is what the parser says of it.
            return "it must look like Host=…;Database=… or postgresql://user:password@host:port/database, with special characters in user and password percent-encoded.";
        }
    }

    /// <summary>Opens the database that the text names and brings its schema up to date.</summary>
    /// <param name="location">A folder for SQLite, else an Npgsql connection string or a postgresql:// URI.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<Database> OpenAsync(DatabaseLocation location, TimeProvider time, CancellationToken cancellationToken)
    {
        var database = location.ConnectionString is { } text
            ? (Database)Postgres.PostgresDatabase.Create(text)
            : await Sqlite.SqliteDatabase.OpenAsync(location.Folder, cancellationToken);
        try
        {
            await Migrator.RunAsync(database, time, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads in one consistent picture: nothing that commits meanwhile is seen.</summary>
    public Task<T> ReadAsync<T>(Func<Reader, Task<T>> read, CancellationToken cancellationToken) =>
        LendAsync(session => session.ReadAsync(() => read(Reader.On(session, Dialect)), cancellationToken), cancellationToken);

    /// <summary>Runs queries of which none needs another's answer, in one consistent picture; to PostgreSQL it is one way there and back.</summary>
    public Task ReadAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken) => LendAsync(async session =>
    {
        await session.EachAloneAsync(queries, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Gives up memory that only makes the next reads a little faster.</summary>
    public virtual void Shrink()
    {
    }

    public abstract ValueTask DisposeAsync();

    internal abstract Task<Session> OpenReaderAsync(CancellationToken cancellationToken);

    internal abstract Task<Session> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lock under which migrations run, in the transaction that is under way.</summary>
    internal abstract Task LockMigrationsAsync(Writer writer, CancellationToken cancellationToken);

    /// <summary>Whether a transaction whose commit gave no answer took effect.</summary>
    internal abstract Task<bool> WasCommittedAsync(string mark, CancellationToken cancellationToken);

    /// <summary>Whether the same work may succeed when it is tried once more, alone.</summary>
    internal abstract bool IsPassing(DbException exception);

    /// <summary>The failure as the caller may see it: the database is full, busy or away; null for our own mistakes.</summary>
    internal abstract Fault? Translate(DbException exception);

    private async Task<T> LendAsync<T>(Func<Session, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await OpenReaderAsync(cancellationToken);
            return await use(session);
        }
        catch (DbException exception) when (cancellationToken.IsCancellationRequested)
        {
            // SQLite's word for a statement that was stopped.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (DbException exception) when (Translate(exception) is not null)
        {
            throw Translate(exception)!;
        }
    }
}

/// <summary>Where the database is: a folder for SQLite, or a PostgreSQL server.</summary>
public sealed record DatabaseLocation(string Folder, string? ConnectionString);
