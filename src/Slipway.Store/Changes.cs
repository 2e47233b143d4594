using System.Threading.Channels;

namespace Slipway.Store;

/// <summary>The only way to change governed state.</summary>
/// <remarks>
/// Changes that wait at the same moment share one durable commit; each keeps its own savepoint, audit entry and fate.
/// </remarks>
public sealed class Changes : IAsyncDisposable
{
    private readonly Channel<PendingChange> _queue = Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly ChangeGroup _group;
    private readonly Task _loop;

    public Changes(Database database, IReadOnlyList<IRule> rules, TimeProvider time)
    {
        _group = new ChangeGroup(database, rules, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Asks the rules, applies, writes the audit entry and what is announced, and commits, all in one transaction.</summary>
    /// <exception cref="RefusedException">A rule forbids it; the refusal is on record.</exception>
    /// <exception cref="Fault">It can't be done; nothing was changed.</exception>
    public async Task<T> MakeAsync<T>(Actor actor, ChangeRequest<T> request, CancellationToken cancellationToken)
    {
        var pending = new PendingChange<T>(actor, request);
        await _queue.Writer.WriteAsync(pending, cancellationToken);

        // From here on the change has its own limit: a caller who leaves can't leave it half done.
        return await pending.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _group.RunAsync(_queue.Reader);
        }
    }
}
