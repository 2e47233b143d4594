using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Store.Sqlite;

/// <summary>The open connections to one file: a single writer, lent to one at a time, and a few readers.</summary>
internal sealed class SqliteConnections : IDisposable
{
    private static readonly int ReaderLimit = Math.Max(4, Environment.ProcessorCount * 2);

    // A search among tens of thousands of runs looks at some twenty megabytes; what a reader does not remember it reads from the file anew.
    private static readonly int RememberedKilobytes = Math.Max(2000, 96_000 / ReaderLimit);

    private readonly string _file;
    private readonly SqliteWire _writer;
    private readonly SemaphoreSlim _writerTurn = new(1, 1);
    private readonly SemaphoreSlim _readerTurn = new(ReaderLimit, ReaderLimit);
    // The last one given back is lent first: it remembers what was just looked at.
    private readonly ConcurrentStack<SqliteWire> _idleReaders = [];

    public SqliteConnections(string file)
    {
        _file = file;
        _writer = Open(SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>How the settings of a connection are asserted in tests.</summary>
    public IEnumerable<SqliteWire> Idle => _idleReaders.Prepend(_writer);

    public async Task<SqliteSession> LendWriterAsync(CancellationToken cancellationToken)
    {
        await _writerTurn.WaitAsync(cancellationToken);
        return new SqliteSession(_writer, "begin immediate", () => _writerTurn.Release());
    }

    public async Task<SqliteSession> LendReaderAsync(CancellationToken cancellationToken)
    {
        await _readerTurn.WaitAsync(cancellationToken);
        SqliteWire? reader = null;
        try
        {
            reader = _idleReaders.TryPop(out var idle) ? idle : Open(SqliteOpenMode.ReadOnly);
        }
        finally
        {
            if (reader is null)
            {
                _readerTurn.Release();
            }
        }

        return new SqliteSession(reader, "begin", () =>
        {
            GiveBack(reader);
            _readerTurn.Release();
        });
    }

    /// <summary>Has connections that nobody has forget the pages that they remember; the system's own cache keeps them.</summary>
    public void Shrink()
    {
        var idle = new List<SqliteWire>();
        while (_readerTurn.Wait(TimeSpan.Zero))
        {
            if (!_idleReaders.TryPop(out var reader))
            {
                _readerTurn.Release();
                break;
            }

            idle.Add(reader);
        }

        foreach (var reader in idle)
        {
            Shrink(reader);
            _idleReaders.Push(reader);
            _readerTurn.Release();
        }

        if (_writerTurn.Wait(TimeSpan.Zero))
        {
            Shrink(_writer);
            _writerTurn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var reader in _idleReaders)
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _writerTurn.Dispose();
        _readerTurn.Dispose();
    }

    // Nothing but memory hangs on it, so its outcome is nobody's concern.
    private static void Shrink(SqliteWire wire) => _ = raw.sqlite3_exec(wire.Connection.Handle, "pragma shrink_memory");

    // One that is still in a transaction would show its next reader the past, and keep the log from being cut.
    private void GiveBack(SqliteWire reader)
    {
        if (raw.sqlite3_get_autocommit(reader.Connection.Handle) == 0)
        {
            reader.Dispose();
        }
        else
        {
            _idleReaders.Push(reader);
        }
    }

    private SqliteWire Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        connection.CreateFunction<string?, string?, bool?>("slipway_like", (pattern, text) => pattern is null || text is null ? null : LikePattern.Matches(pattern, text, foldCase: false), isDeterministic: true);
        connection.CreateFunction<string?, string?, bool?>("slipway_ilike", (pattern, text) => pattern is null || text is null ? null : LikePattern.Matches(pattern, text, foldCase: true), isDeterministic: true);

        using var command = connection.CreateCommand();
        // FULL: a commit is on disk before it is acknowledged. WAL: readers never wait for the writer.
        command.CommandText = mode == SqliteOpenMode.ReadOnly
            ? $"pragma query_only = on; pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -{RememberedKilobytes};"
            : "pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8000; pragma wal_autocheckpoint = 16000; pragma journal_size_limit = 67108864;";
        command.ExecuteNonQuery();
        return new SqliteWire(connection);
    }
}
