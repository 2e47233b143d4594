using System.Data;
using System.Data.Common;
using Npgsql;

namespace Slipway.Store.Postgres;

/// <summary>PostgreSQL, which several server processes may share.</summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>Twenty milliseconds apart.</summary>
    private const int FateLooks = 250;

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresDatabase(NpgsqlConnectionStringBuilder settings)
    {
        _settings = settings;
        // A server that has lost its power must not hold the end of the audit chain until TCP notices.
        _writers = NpgsqlDataSource.Create(With(settings, "-c default_transaction_isolation=read\\ committed -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"));
        _readers = NpgsqlDataSource.Create(With(settings, "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read -c jit=off"));
    }

    public override Dialect Dialect { get; } = new PostgresDialect();

    public override bool IsShared => true;

    public override string Description => $"PostgreSQL, database {_settings.Database} on {_settings.Host}:{_settings.Port}";

    public static PostgresDatabase Create(string text) => new(PostgresLocation.Parse(text));

    public override async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writers.DisposeAsync();
    }

    internal override async Task<Session> OpenReaderAsync(CancellationToken cancellationToken) =>
        new PostgresSession(await OpenAsync(_readers, cancellationToken), IsolationLevel.RepeatableRead);

    internal override async Task<Session> OpenWriterAsync(CancellationToken cancellationToken) =>
        new PostgresSession(await OpenAsync(_writers, cancellationToken), IsolationLevel.ReadCommitted);

    internal override async Task LockMigrationsAsync(Writer writer, CancellationToken cancellationToken)
    {
        // A server that starts waits for one that migrates, however much there is to do.
        await writer.ExecuteAsync($"set local lock_timeout = 0", cancellationToken);

        // Any number serves, as long as it is the same in every version.
        await writer.AnyAsync($"select pg_advisory_xact_lock(7205759403)", cancellationToken);
    }

    internal override async Task<bool> WasCommittedAsync(string mark, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(_writers, cancellationToken);
        for (var look = 0; look < FateLooks; look++)
        {
            await using var command = new NpgsqlCommand("select pg_xact_status(cast($1 as xid8))", connection) { Parameters = { new NpgsqlParameter { Value = mark, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } } };
            switch ((string?)await command.ExecuteScalarAsync(cancellationToken))
            {
                case "committed":
                    return true;
                case "in progress":
                    await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
                    continue;
                default:
                    return false;
            }
        }

        throw Fault.Unavailable("A transaction whose connection was lost is still under way.");
    }

    internal override bool IsPassing(DbException exception) => exception is NpgsqlException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    internal override Fault? Translate(DbException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Fault.Unavailable("The disk that holds the database is full. Free some space; nothing that was acknowledged is lost.", exception),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled } => Fault.Unavailable("The database is busy. Try again.", exception),
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['4', '0', ..] or ['5', '8', ..] or PostgresErrorCodes.ReadOnlySqlTransaction } => Fault.Unavailable("The database can't do this now. Try again.", exception),
        PostgresException => null,
        NpgsqlException => Fault.Unavailable("The database is not reachable. Try again.", exception),
        _ => null,
    };

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            // Npgsql's word for a pool that has no free connection in time.
            throw Fault.Unavailable("The database has no free connection. Try again.", exception);
        }
    }

    private static string With(NpgsqlConnectionStringBuilder settings, string options) => new NpgsqlConnectionStringBuilder(settings.ToString())
    {
        Options = string.IsNullOrEmpty(settings.Options) ? options : $"{settings.Options} {options}",
        MaxAutoPrepare = 256,
        AutoPrepareMinUsages = 2,
        MaxPoolSize = 20,

        // A session is never set up after its start, so there is nothing to put back before each transaction.
        NoResetOnClose = true,
        ApplicationName = "slipway",
        IncludeErrorDetail = false,
    }.ToString();
}
