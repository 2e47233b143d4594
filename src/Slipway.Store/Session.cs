namespace Slipway.Store;

/// <summary>One connection while somebody has it; given back when disposed.</summary>
internal abstract class Session : IAsyncDisposable
{
    /// <summary>Makes a statement ready to be awaited.</summary>
    public abstract Statement Prepare(Sql sql);

    /// <summary>Runs a statement whose outcome nobody waits for. It may travel with the next one, and then so does its failure.</summary>
    public abstract Task SendAsync(Sql sql, CancellationToken cancellationToken);

    /// <summary>Runs queries in their order.</summary>
    public abstract Task EachAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken);

    /// <summary>Runs queries that are a transaction of their own, in one picture.</summary>
    public abstract Task EachAloneAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken);

    /// <summary>Reads in one transaction, which is then ended.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        try
        {
            // Ended before the rollback, which must not be interrupted.
            using var interrupt = InterruptOn(cancellationToken);
            return await read();
        }
        finally
        {
            await RollBackAsync();
        }
    }

    /// <summary>Inserts rows; like <see cref="SendAsync"/>, it may travel with the next statement.</summary>
    public abstract Task InsertAsync<T>(BulkInsert<T> insert, IReadOnlyList<T> rows, CancellationToken cancellationToken);

    /// <summary>Begins the transaction that all statements until its end belong to.</summary>
    public abstract Task BeginAsync(CancellationToken cancellationToken);

    public abstract Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>Ends the transaction without effect; quiet if the database has ended it already.</summary>
    public abstract Task RollBackAsync();

    /// <summary>Names the transaction under way, so that its fate can be asked for later; null where a failed commit is always a rollback.</summary>
    public abstract Task<string?> MarkAsync(CancellationToken cancellationToken);

    /// <summary>Stops the statement that runs when the token is cancelled.</summary>
    public abstract IDisposable InterruptOn(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
