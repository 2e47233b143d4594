using System.Data.Common;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>One transaction for the changes that wait at the same moment.</summary>
internal sealed class ChangeGroup(Database database, IReadOnlyList<IRule> rules, TimeProvider time)
{
    private const int Limit = 32;
    private const int Attempts = 3;
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(50);

    private readonly Refusals _refusals = new();

    /// <summary>Whether refusals were counted that no entry tells yet.</summary>
    public bool OwesRefusals => _refusals.IsOwing;

    /// <summary>Takes what waits, applies it, commits once and answers everyone.</summary>
    public async Task RunAsync(ChannelReader<PendingChange> queue)
    {
        var group = new List<PendingChange>(Limit);
        if (!await TryTogetherAsync(Waiting(queue, group)))
        {
            foreach (var pending in group)
            {
                await RunAloneAsync(pending);
            }
        }

        foreach (var pending in group)
        {
            pending.Answer();
        }
    }

    // What is taken is put into the group before it is begun, so that no change is ever lost on the way.
    private static IEnumerable<PendingChange> Waiting(ChannelReader<PendingChange> queue, List<PendingChange> group)
    {
        var begun = Stopwatch.GetTimestamp();
        while (group.Count < Limit && Stopwatch.GetElapsedTime(begun) < GroupTime && queue.TryRead(out var pending))
        {
            group.Add(pending);
            yield return pending;
        }
    }

    private async Task<bool> TryTogetherAsync(IEnumerable<PendingChange> waiting)
    {
        var begun = new List<PendingChange>(Limit);
        try
        {
            await RunInOneTransactionAsync(waiting, begun);
            return true;
        }
        catch (UnknownFateException unknown)
        {
            begun.ForEach(pending => pending.Failure ??= unknown);
            return true;
        }
        catch (Exception) when (begun.Count > 0)
        {
            // The transaction is lost, not the changes: each is tried alone, and then its failure is its own.
            return false;
        }
        catch (Exception exception)
        {
            // There was no transaction to be had, and trying each alone would only wait as many times.
            foreach (var pending in waiting)
            {
                pending.Failure = Told(exception);
            }

            return true;
        }
    }

    private async Task RunAloneAsync(PendingChange pending)
    {
        for (var attempt = 1; !pending.TookTooLong; attempt++)
        {
            pending.Failure = null;
            try
            {
                await RunInOneTransactionAsync([pending], []);
                return;
            }
            catch (DbException exception) when (attempt < Attempts && database.IsPassing(exception))
            {
                // A deadlock or a serialization failure: the same change again, in a new transaction.
            }
            catch (Exception exception)
            {
                pending.Failure = Told(exception);
                return;
            }
        }
    }

    private async Task RunInOneTransactionAsync(IEnumerable<PendingChange> waiting, List<PendingChange> begun)
    {
        var refusals = _refusals.Begin();

        // The session is given back first: where there is one writer, nobody could look otherwise.
        if (await ApplyAllAsync(waiting, begun, refusals) is { } lost
            && !await LostCommit.TookEffectAsync(() => IsOnRecordAsync(begun.Find(pending => pending.Entry is not null)!.Id), time))
        {
            lost.Throw();
        }

        refusals.Commit();
    }

    /// <returns>What went wrong when the commit gave no answer; null when it is done.</returns>
    private async Task<ExceptionDispatchInfo?> ApplyAllAsync(IEnumerable<PendingChange> waiting, List<PendingChange> begun, RefusalTally refusals)
    {
        await using var session = await database.OpenWriterAsync(CancellationToken.None);
        await session.BeginAsync(CancellationToken.None);
        try
        {
            var turn = await ChangeTurn.BeginAsync(session, database.Dialect, (rules, time), refusals);
            foreach (var pending in waiting)
            {
                begun.Add(pending);
                await turn.TakeAsync(pending);
            }

            if (!await turn.EndAsync())
            {
                await session.RollBackAsync();
                return null;
            }
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }

        return await CommitAsync(session);
    }

    private static async Task<ExceptionDispatchInfo?> CommitAsync(Session session)
    {
        try
        {
            await session.CommitAsync(CancellationToken.None);
            return null;
        }
        catch (DbException exception)
        {
            await session.RollBackAsync();
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    // A transaction whose commit gave no answer holds the chain's end until the database has decided, so whoever gets it next knows.
    private async Task<bool> IsOnRecordAsync(string changeId)
    {
        await using var session = await database.OpenWriterAsync(CancellationToken.None);
        await session.BeginAsync(CancellationToken.None);
        var writer = new Writer(session, database.Dialect);
        try
        {
            await AuditLog.LockEndAsync(writer, CancellationToken.None);
            return await AuditLog.HasAsync(writer, changeId, CancellationToken.None);
        }
        finally
        {
            await session.RollBackAsync();
        }
    }

    private Exception Told(Exception exception) => exception is DbException failure ? database.Translate(failure) ?? exception : exception;
}
