using System.Data.Common;

namespace Slipway.Store;

/// <summary>One connection while somebody has it; given back when disposed.</summary>
internal abstract class Session : IAsyncDisposable
{
    public abstract Statement Prepare(Sql sql);

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

/// <summary>A command with its parameters set, lent until disposed.</summary>
internal readonly struct Statement(DbCommand command, bool owned) : IDisposable
{
    public DbCommand Command => command;

    public void Dispose()
    {
        if (owned)
        {
            command.Dispose();
        }
    }
}
