namespace Slipway.Store;

/// <summary>Statements that write, inside a transaction that the store begins and ends.</summary>
public class Writer : Reader
{
    internal Writer(Session session, Dialect dialect)
        : base(session, dialect)
    {
    }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(Sql sql, CancellationToken cancellationToken)
    {
        using var statement = Session.Prepare(sql);
        return await statement.ExecuteAsync(cancellationToken);
    }

    /// <summary>Runs a statement whose outcome nobody waits for: to PostgreSQL it travels with the next one that is awaited, and so does its failure.</summary>
    public Task SendAsync(Sql sql, CancellationToken cancellationToken) => Session.SendAsync(sql, cancellationToken);

    /// <summary>Inserts many rows at the database's own best speed.</summary>
    public Task InsertAsync<T>(BulkInsert<T> insert, IReadOnlyList<T> rows, CancellationToken cancellationToken) =>
        rows.Count == 0 ? Task.CompletedTask : Session.InsertAsync(insert, rows, cancellationToken);

    /// <summary>Takes internal ids that are never given again, and answers the last of them.</summary>
    public async Task<long> TakeIdsAsync(string counter, int count, CancellationToken cancellationToken) =>
        await FindAsync(
            $"update counters set value = value + {count} where name = {counter} returning value",
            row => row.GetInt64(0),
            cancellationToken) is var last and > 0
            ? last
            : throw new InvalidOperationException($"There is no counter '{counter}'.");

    internal Task SaveAsync(CancellationToken cancellationToken) => SendAsync($"savepoint one", cancellationToken);

    internal Task ReleaseAsync(CancellationToken cancellationToken) => SendAsync($"release savepoint one", cancellationToken);

    internal async Task RollBackToSaveAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"rollback to savepoint one", cancellationToken);
        await ReleaseAsync(cancellationToken);
    }
}
