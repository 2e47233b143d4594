using SQLitePCL;

namespace Slipway.Store.Sqlite;

/// <summary>A lent connection to SQLite.</summary>
internal sealed class SqliteSession(SqliteWire wire, string begin, Action giveBack) : Session
{
    public override Statement Prepare(Sql sql) => wire.Prepare(sql);

    public override async Task SendAsync(Sql sql, CancellationToken cancellationToken)
    {
        using var statement = wire.Prepare(sql);
        await statement.ExecuteAsync(cancellationToken);
    }

    public override async Task EachAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken)
    {
        foreach (var query in queries)
        {
            using var statement = wire.Prepare(query.Sql);
            await using var row = await statement.ReadAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                query.Take(row);
            }
        }
    }

    public override Task EachAloneAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken) => ReadAsync(async () =>
    {
        await EachAsync(queries, cancellationToken);
        return true;
    }, cancellationToken);

    // A prepared loop on the bare statement: a hundred times faster here than one long VALUES list.
    public override Task InsertAsync<T>(BulkInsert<T> insert, IReadOnlyList<T> rows, CancellationToken cancellationToken)
    {
        var statement = wire.PrepareInsert(insert);
        for (var i = 0; i < rows.Count; i++)
        {
            Bind(statement, insert.Columns, rows[i]);
            var code = raw.sqlite3_step(statement);
            raw.sqlite3_reset(statement);
            if (code != raw.SQLITE_DONE)
            {
                wire.Check(code);
            }
        }

        return Task.CompletedTask;
    }

    public override Task BeginAsync(CancellationToken cancellationToken)
    {
        wire.Turn();
        return Run(begin);
    }

    public override Task CommitAsync(CancellationToken cancellationToken) => Run("commit");

    public override Task RollBackAsync() =>
        // A full disk or an interrupted write has ended the transaction already.
        raw.sqlite3_get_autocommit(wire.Connection.Handle) != 0 ? Task.CompletedTask : Run("rollback");

    public override Task<string?> MarkAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public override IDisposable InterruptOn(CancellationToken cancellationToken) =>
        cancellationToken.Register(static handle => raw.sqlite3_interrupt((sqlite3)handle!), wire.Connection.Handle);

    public override ValueTask DisposeAsync()
    {
        giveBack();
        return ValueTask.CompletedTask;
    }

    private static void Bind<T>(sqlite3_stmt statement, IReadOnlyList<Column<T>> columns, T row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            switch (columns[i])
            {
                case Int64Column<T> column when column.Value(row) is { } number:
                    raw.sqlite3_bind_int64(statement, i + 1, number);
                    break;
                case TextColumn<T> column when column.Value(row) is { } text:
                    raw.sqlite3_bind_text(statement, i + 1, text);
                    break;
                case DoubleColumn<T> column:
                    raw.sqlite3_bind_double(statement, i + 1, column.Value(row));
                    break;
                default:
                    raw.sqlite3_bind_null(statement, i + 1);
                    break;
            }
        }
    }

    private Task Run(string text)
    {
        wire.Check(raw.sqlite3_exec(wire.Connection.Handle, text));
        return Task.CompletedTask;
    }
}
