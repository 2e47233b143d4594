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
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(2);

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
            var writer = new Writer(session, database.Dialect);
            var end = await AuditLog.LockEndAsync(writer, CancellationToken.None);
            var last = end;
            var turn = new Turn(session, writer, refusals);
            foreach (var pending in waiting)
            {
                begun.Add(pending);
                pending.Entry = null;
                last = pending.Request is TellRefusals tell ? await TellAsync(turn, pending, tell, last) : await ApplyOneAsync(turn, pending, last);
            }

            if (last == end)
            {
                await session.RollBackAsync();
                return null;
            }

            await AuditLog.MoveEndAsync(writer, last, CancellationToken.None);
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }

        return await CommitAsync(session);
    }

    private async Task<ChainEnd> ApplyOneAsync(Turn turn, PendingChange pending, ChainEnd end)
    {
        var (session, writer, _) = turn;
        var change = new Change(session, database.Dialect, new ChangeInfo(pending.Id, pending.Actor, end.Sequence + 1, Now(end)));
        using var limit = new CancellationTokenSource(ChangeTime);
        using var interrupt = session.InterruptOn(limit.Token);
        await writer.SaveAsync(CancellationToken.None);
        try
        {
            var next = await ApplyWithRulesAsync(change, pending, end, limit.Token);
            await writer.ReleaseAsync(CancellationToken.None);
            return pending.Entry = next;
        }
        catch (RefusedException refusal)
        {
            await writer.RollBackToSaveAsync(CancellationToken.None);
            pending.Failure = refusal;
            return await RefuseAsync(turn, pending, EntryOf(change, pending, end) with { Outcome = AuditEntry.Refused, Reason = refusal.Message }, end);
        }
        catch (Exception exception) when (limit.IsCancellationRequested)
        {
            // SQLite ends the whole transaction when a write is interrupted, so the others start anew; this one does not.
            pending.TookTooLong = true;
            pending.Failure = Fault.Unavailable("The change took longer than 2 seconds and was taken back. Try again.", exception);
            throw pending.Failure;
        }
        catch (Exception exception) when (exception is not DbException)
        {
            await writer.RollBackToSaveAsync(CancellationToken.None);
            pending.Failure = exception;
            return end;
        }
    }

    private static async Task<ChainEnd> RefuseAsync(Turn turn, PendingChange pending, AuditEntry entry, ChainEnd end)
    {
        // A bare actor is remembered: a caller would hold on to the whole request.
        var actor = new Actor(entry.Actor.Name, entry.Actor.Authentication, entry.Actor.Address);
        return turn.Refusals.Take(new Refusal(actor, entry.Action, entry.Resource, entry.Reason!), entry.At) is { } count
            ? pending.Entry = await AuditLog.AppendAsync(turn.Writer, entry with { Count = count == 1 ? null : count }, CancellationToken.None)
            : end;
    }

    private async Task<ChainEnd> TellAsync(Turn turn, PendingChange pending, TellRefusals tell, ChainEnd end)
    {
        foreach (var owing in turn.Refusals.TakeOwing(Now(end), tell.All))
        {
            var (actor, action, resource, reason) = owing.Last!;
            var id = pending.Entry is null ? pending.Id : Guid.CreateVersion7().ToString();
            pending.Entry = end = await AuditLog.AppendAsync(turn.Writer, new AuditEntry(end.Sequence + 1, Now(end), id, actor, action, resource, AuditEntry.Refused, end.Hash)
            {
                Reason = reason,
                Count = owing.Counted == 1 ? null : owing.Counted,
            }, CancellationToken.None);
        }

        return end;
    }

    private long Now(ChainEnd end) => Math.Max(end.At, time.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task<ChainEnd> ApplyWithRulesAsync(Change change, PendingChange pending, ChainEnd end, CancellationToken cancellationToken)
    {
        foreach (var rule in rules)
        {
            await rule.BeforeAsync(change, pending.Request, cancellationToken);
        }

        await pending.ApplyAsync(change, cancellationToken);
        foreach (var rule in rules)
        {
            await rule.AfterAsync(change, pending.Request, cancellationToken);
        }

        foreach (var announced in change.Announced)
        {
            await Outbox.AddAsync(change, announced, cancellationToken);
        }

        return await AuditLog.AppendAsync(change, EntryOf(change, pending, end) with { About = change.AlsoAbout, Before = change.Before, After = change.After, Effects = change.Effects }, cancellationToken);
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

    private static AuditEntry EntryOf(Change change, PendingChange pending, ChainEnd end) =>
        new(change.Info.Sequence, change.Info.At, pending.Id, pending.Actor, pending.Request.Action, pending.Request.Resource, AuditEntry.Done, end.Hash) { Promotion = change.Promotion };

    /// <summary>What the changes of one transaction share.</summary>
    private sealed record Turn(Session Session, Writer Writer, RefusalTally Refusals);
}
