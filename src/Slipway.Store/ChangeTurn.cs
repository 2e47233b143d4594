using System.Data.Common;
using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>The changes of one transaction, each applied behind the one before, with an entry of its own.</summary>
internal sealed class ChangeTurn
{
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(2);

    private readonly Session _session;
    private readonly Writer _writer;
    private readonly IReadOnlyList<IRule> _rules;
    private readonly TimeProvider _time;
    private readonly RefusalTally _refusals;
    private readonly ChainEnd _begin;
    private ChainEnd _end;

    private ChangeTurn(Session session, Writer writer, (IReadOnlyList<IRule> Rules, TimeProvider Time) setting, (RefusalTally Refusals, ChainEnd End) begin)
    {
        (_session, _writer, _rules, _time) = (session, writer, setting.Rules, setting.Time);
        (_refusals, _begin, _end) = (begin.Refusals, begin.End, begin.End);
    }

    // Never below the time of the entry before.
    private long Now => Math.Max(_end.At, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Takes hold of the chain's end: from here on no other process makes changes.</summary>
    public static async Task<ChangeTurn> BeginAsync(Session session, Dialect dialect, (IReadOnlyList<IRule> Rules, TimeProvider Time) setting, RefusalTally refusals)
    {
        var writer = new Writer(session, dialect);
        return new ChangeTurn(session, writer, setting, (refusals, await AuditLog.LockEndAsync(writer, CancellationToken.None)));
    }

    public async Task TakeAsync(PendingChange pending)
    {
        pending.Entry = null;
        await (pending.Request is TellRefusals tell ? TellAsync(pending, tell) : ApplyAsync(pending));
    }

    /// <summary>Puts the chain's new end down; answers whether there is one.</summary>
    public async Task<bool> EndAsync()
    {
        if (_end == _begin)
        {
            return false;
        }

        await AuditLog.MoveEndAsync(_writer, _end, CancellationToken.None);
        return true;
    }

    private async Task ApplyAsync(PendingChange pending)
    {
        var change = new Change(_session, _writer.Dialect, new ChangeInfo(pending.Id, pending.Actor, _end.Sequence + 1, Now));
        using var limit = new CancellationTokenSource(ChangeTime);
        using var interrupt = _session.InterruptOn(limit.Token);
        await _writer.SaveAsync(CancellationToken.None);
        try
        {
            var next = await ApplyWithRulesAsync(change, pending, limit.Token);
            await _writer.ReleaseAsync(CancellationToken.None);
            pending.Entry = _end = next;
        }
        catch (RefusedException refusal)
        {
            await _writer.RollBackToSaveAsync(CancellationToken.None);
            pending.Failure = refusal;
            await RefuseAsync(change, pending, refusal);
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
            await _writer.RollBackToSaveAsync(CancellationToken.None);
            pending.Failure = exception;
        }
    }

    private async Task<ChainEnd> ApplyWithRulesAsync(Change change, PendingChange pending, CancellationToken cancellationToken)
    {
        foreach (var rule in _rules)
        {
            await rule.BeforeAsync(change, pending.Request, cancellationToken);
        }

        await pending.ApplyAsync(change, cancellationToken);
        foreach (var rule in _rules)
        {
            await rule.AfterAsync(change, pending.Request, cancellationToken);
        }

        foreach (var announced in change.Announced)
        {
            await Outbox.AddAsync(change, announced, cancellationToken);
        }

        return await AuditLog.AppendAsync(change, EntryOf(change, pending) with { About = change.AlsoAbout, Before = change.Before, After = change.After, Effects = change.Effects }, cancellationToken);
    }

    private async Task RefuseAsync(Change change, PendingChange pending, RefusedException refusal)
    {
        var entry = EntryOf(change, pending) with { Outcome = AuditEntry.Refused, Reason = refusal.Message };

        // A bare actor is remembered: a caller would hold on to the whole request.
        var actor = new Actor(entry.Actor.Name, entry.Actor.Authentication, entry.Actor.Address);
        if (_refusals.Take(new Refusal(actor, entry.Action, entry.Resource, refusal.Message) { Times = refusal.Times }, entry.At) is { } count)
        {
            pending.Entry = _end = await AppendAsync(entry, count);
        }
    }

    private async Task TellAsync(PendingChange pending, TellRefusals tell)
    {
        foreach (var owing in _refusals.TakeOwing(Now, tell.All))
        {
            var (actor, action, resource, reason) = owing.Last!;
            var id = pending.Entry is null ? pending.Id : Guid.CreateVersion7().ToString();
            var entry = new AuditEntry(_end.Sequence + 1, Now, id, actor, action, resource, AuditEntry.Refused, _end.Hash) { Reason = reason };
            pending.Entry = _end = await AppendAsync(entry, owing.Counted);
        }
    }

    private Task<ChainEnd> AppendAsync(AuditEntry refused, long count) =>
        AuditLog.AppendAsync(_writer, refused with { Count = count == 1 ? null : count }, CancellationToken.None);

    private AuditEntry EntryOf(Change change, PendingChange pending) =>
        new(change.Info.Sequence, change.Info.At, pending.Id, pending.Actor, pending.Request.Action, pending.Request.Resource, AuditEntry.Done, _end.Hash) { Promotion = change.Promotion };
}
