using System.Data.Common;
using System.Threading.Channels;
using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>The only way to change governed state.</summary>
/// <remarks>
/// Changes that wait at the same moment share one durable commit; each keeps its own savepoint, audit entry and fate.
/// </remarks>
public sealed class Changes : IAsyncDisposable
{
    private readonly Channel<PendingChange> _queue = Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(1024) { SingleReader = true });
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly Actor Server = new("slipway", "none", null);

    private readonly ChangeGroup _group;
    private readonly Task _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _telling;

    public Changes(Database database, IReadOnlyList<IRule> rules, TimeProvider time)
    {
        _group = new ChangeGroup(database, rules, time);
        _loop = Task.Run(RunAsync);
        _timer = new PeriodicTimer(Pause, time);
        _telling = Task.Run(TellRefusalsAsync);
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
        if (_loop.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync();
        await _telling;
        await TryTellAsync(all: true);
        _queue.Writer.TryComplete();
        await _loop;
        _timer.Dispose();
        _stop.Dispose();
    }

    // What was refused and only counted is told after its minute, although nothing else happens.
    private async Task TellRefusalsAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await TryTellAsync(all: false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task TryTellAsync(bool all)
    {
        try
        {
            if (_group.OwesRefusals)
            {
                await MakeAsync(Server, new TellRefusals(all), CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is Fault or DbException or ChannelClosedException)
        {
            // The count is kept for the next turn.
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _group.RunAsync(_queue.Reader);
        }
    }
}
