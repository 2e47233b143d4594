using System.Data;
using Npgsql;

namespace Slipway.Store.Postgres;

/// <summary>A lent connection to PostgreSQL.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, IsolationLevel isolation) : Session
{
    /// <summary>Beyond this many, what waits is sent on its own.</summary>
    private const int WaitingLimit = 64;

    private NpgsqlTransaction? _transaction;

    /// <summary>What travels with the next statement: most of what a statement takes is the way there and back.</summary>
    private NpgsqlBatch? _waiting;

    public override Statement Prepare(Sql sql)
    {
        Add(sql);
        return new Statement(TakeBatch());
    }

    public override Task SendAsync(Sql sql, CancellationToken cancellationToken)
    {
        Add(sql);
        return _waiting!.BatchCommands.Count < WaitingLimit ? Task.CompletedTask : FlushAsync(cancellationToken);
    }

    public override async Task EachAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken)
    {
        if (queries.Count == 0)
        {
            return;
        }

        foreach (var query in queries)
        {
            Add(query.Sql);
        }

        // What waited before them has no rows, and is passed over.
        await using var batch = TakeBatch();
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var query in queries)
        {
            while (await row.ReadAsync(cancellationToken))
            {
                query.Take(row);
            }

            await row.NextResultAsync(cancellationToken);
        }
    }

    // What is sent in one piece is one transaction, and by the connection's own settings one that reads a single picture.
    public override Task EachAloneAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken) => EachAsync(queries, cancellationToken);

    // Arrays and unnest: as fast as COPY for our sizes, and it can say "on conflict".
    public override Task InsertAsync<T>(BulkInsert<T> insert, IReadOnlyList<T> rows, CancellationToken cancellationToken)
    {
        var arrays = string.Join(", ", insert.Columns.Select((column, index) => $"${index + 1}{Cast(column)}"));
        var command = new NpgsqlBatchCommand($"{insert.Head} select * from unnest({arrays}) {insert.Tail}");
        foreach (var column in insert.Columns)
        {
            command.Parameters.Add(Values(column, rows));
        }

        Add(command);
        return Task.CompletedTask;
    }

    public override async Task BeginAsync(CancellationToken cancellationToken) =>
        _transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);

    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await _transaction!.CommitAsync(cancellationToken);
    }

    public override async Task RollBackAsync()
    {
        _waiting = null;
        if (_transaction is not null)
        {
            // Rolls back only what the server, or a lost connection, has not ended already.
            await _transaction.DisposeAsync();
            _transaction = null;
        }
    }

    public override async Task<string?> MarkAsync(CancellationToken cancellationToken)
    {
        using var statement = Prepare(Sql.Of($"select cast(pg_current_xact_id() as text)"));
        await using var row = await statement.ReadAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.GetString(0) : null;
    }

    // Npgsql sends the cancellation itself, from the token of each call.
    public override IDisposable InterruptOn(CancellationToken cancellationToken) => default(CancellationTokenRegistration);

    public override async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private void Add(Sql sql) => Add(PostgresCommand.Of(sql));

    private void Add(NpgsqlBatchCommand command) => (_waiting ??= new NpgsqlBatch(connection, _transaction)).BatchCommands.Add(command);

    private NpgsqlBatch TakeBatch()
    {
        var batch = _waiting!;
        _waiting = null;
        return batch;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting is not null)
        {
            await using var batch = TakeBatch();
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Cast<T>(Column<T> column) => column switch
    {
        Int64Column<T> => "::bigint[]",
        DoubleColumn<T> => "::double precision[]",
        _ => "::text[]",
    };

    private static NpgsqlParameter Values<T>(Column<T> column, IReadOnlyList<T> rows) => column switch
    {
        Int64Column<T> numbers => new NpgsqlParameter<long?[]> { TypedValue = [.. rows.Select(numbers.Value)] },
        DoubleColumn<T> doubles => new NpgsqlParameter<double[]> { TypedValue = [.. rows.Select(doubles.Value)] },
        TextColumn<T> texts => new NpgsqlParameter<string?[]> { TypedValue = [.. rows.Select(texts.Value)] },
        _ => throw new NotSupportedException(column.Name),
    };
}
