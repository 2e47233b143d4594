namespace Slipway.Store;

/// <summary>One kind of write, done for all requests of a group at once.</summary>
public abstract class IngestKind<TRequest, TResult> : IngestKind
{
    /// <summary>
    /// Decides each request's fate by <see cref="PendingWrite{TRequest, TResult}.Done"/> or a failure, and writes what is accepted.
    /// It may be called again after a rollback, so it changes nothing but the database and the fates.
    /// </summary>
    public abstract Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<TRequest, TResult>> group, CancellationToken cancellationToken);

    /// <summary>How many rows a request writes, so that a group stays small enough.</summary>
    public virtual int Weigh(TRequest request) => 10;

    internal sealed override Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite> group, CancellationToken cancellationToken) =>
        ApplyAsync(writer, group.Cast<PendingWrite<TRequest, TResult>>().ToList(), cancellationToken);
}

/// <inheritdoc cref="IngestKind{TRequest, TResult}"/>
public abstract class IngestKind
{
    internal abstract Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite> group, CancellationToken cancellationToken);
}

/// <summary>Writes that share nothing but the commit.</summary>
internal sealed class SingleWrites<TResult> : IngestKind<Func<Writer, CancellationToken, Task<TResult>>, TResult>
{
    public static readonly SingleWrites<TResult> Kind = new();

    public override async Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<Func<Writer, CancellationToken, Task<TResult>>, TResult>> group, CancellationToken cancellationToken)
    {
        foreach (var pending in group)
        {
            await writer.SaveAsync(cancellationToken);
            try
            {
                pending.Done(await pending.Request(writer, cancellationToken));
                await writer.ReleaseAsync(cancellationToken);
            }
            catch (Fault fault)
            {
                await writer.RollBackToSaveAsync(cancellationToken);
                pending.Failure = fault;
            }
        }
    }
}
