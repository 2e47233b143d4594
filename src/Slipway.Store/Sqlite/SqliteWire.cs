using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Store.Sqlite;

/// <summary>A connection with its prepared statements.</summary>
internal sealed class SqliteWire(SqliteConnection connection) : IDisposable
{
    /// <summary>Filters make ever new texts; the fixed ones number about two hundred.</summary>
    private const int StatementLimit = 512;

    /// <summary>A longer text holds a long list, and hardly comes twice.</summary>
    private const int KeptLength = 16 << 10;

    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Dictionary<object, sqlite3_stmt> _inserts = [];

    /// <summary>The number of the transaction.</summary>
    private long _turn;

    public SqliteConnection Connection => connection;

    /// <summary>A transaction begins: what was looked up before it does not count in it.</summary>
    public void Turn() => _turn++;

    public Statement Prepare(Sql sql)
    {
        var key = sql.Key;
        var isKept = key.Length <= KeptLength;
        if (!isKept || !_commands.TryGetValue(key, out var command))
        {
            command = Create(key, sql.Values);
            if (isKept)
            {
                Keep(key, command);
            }
        }

        for (var i = 0; i < sql.Values.Count; i++)
        {
            command.Parameters[i].Value = sql.Values[i].Value is Lookup lookup ? lookup.Find(this, _turn, Ask) : sql.Values[i].Value ?? DBNull.Value;
        }

        return new Statement(command, owned: !isKept);
    }

    public sqlite3_stmt PrepareInsert<T>(BulkInsert<T> insert)
    {
        if (!_inserts.TryGetValue(insert, out var statement))
        {
            var holes = string.Join(", ", Enumerable.Range(1, insert.Columns.Count).Select(number => $"?{number}"));
            Check(raw.sqlite3_prepare_v2(connection.Handle, $"{insert.Head} values ({holes}) {insert.Tail}", out statement));
            _inserts.Add(insert, statement);
        }

        return statement;
    }

    public void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);

    public void Dispose()
    {
        ForgetCommands();
        foreach (var statement in _inserts.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private object? Ask(Sql sql)
    {
        using var statement = Prepare(sql);
        return statement.Scalar();
    }

    private SqliteCommand Create(string key, IReadOnlyList<SqlValue> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = Sql.Number(key);
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
        }

        return command;
    }

    private void Keep(string key, SqliteCommand command)
    {
        if (_commands.Count >= StatementLimit)
        {
            ForgetCommands();
        }

        _commands.Add(key, command);
    }

    private void ForgetCommands()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _commands.Clear();
    }
}
