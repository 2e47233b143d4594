using Microsoft.AspNetCore.Http;
using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>Streams the log, or a part of it, as JSON Lines; docs/audit.md tells their form.</summary>
internal sealed class AuditExport(Spine spine, HttpContext context, Caller caller)
{
    private const int Batch = 100;

    private CancellationToken Cancelled => context.RequestAborted;

    public async Task SendAsync(ExportAuditRequest wire)
    {
        var span = await spine.ReadAsync(caller, reader => FindSpanAsync(reader, wire), Cancelled);
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        if (span.Before is { } before)
        {
            await WriteAsync(new ExportLine { After = before });
        }

        await SendEntriesAsync(new AuditRange(span.Before?.Sequence ?? 0, span.Last.Sequence));
        await WriteAsync(span.GoesOn ? new ExportLine { Until = span.Last } : new ExportLine { End = span.Last });
    }

    // A few at a time: a slow reader must not hold a session.
    private async Task SendEntriesAsync(AuditRange left)
    {
        List<AuditRow> rows;
        do
        {
            rows = await spine.ReadAsync(caller, reader => AuditLog.ListAsync(reader, left, Batch, Cancelled), Cancelled);
            foreach (var row in rows)
            {
                await WriteAsync(ExportLine.Of(row.Sequence, row.Entry, row.Hash));
                left = left with { After = row.Sequence };
            }
        }
        while (rows.Count == Batch);
    }

    private async Task<Span> FindSpanAsync(Reader reader, ExportAuditRequest wire)
    {
        var end = await AuditLog.FindEndAsync(reader, Cancelled) ?? new ChainEnd(0, 0, "");
        var (first, last) = (wire.First ?? 1, Math.Min(wire.Last ?? long.MaxValue, end.Sequence));
        if (first < 1)
        {
            throw Fault.Invalid("'first' must be the number of an entry: 1 or more.");
        }

        if (Moment.Find(wire.From, "from") is { } from)
        {
            first = Math.Max(first, await AuditLog.FindSequenceFromAsync(reader, from, Cancelled) ?? long.MaxValue);
        }

        if (Moment.Find(wire.To, "to") is { } to)
        {
            last = Math.Min(last, await AuditLog.SequenceAtAsync(reader, to, Cancelled));
        }

        if (first > last && wire != new ExportAuditRequest())
        {
            throw Fault.NotFound($"There are no entries in that span; the log ends at entry {end.Sequence}.");
        }

        return new Span(
            first == 1 ? null : await AuditLog.FindAsync(reader, first - 1, Cancelled),
            last == end.Sequence ? end : await AuditLog.FindAsync(reader, last, Cancelled) ?? end,
            last < end.Sequence);
    }

    private async Task WriteAsync(ExportLine line) => await context.Response.BodyWriter.WriteAsync(line.ToBytes(), Cancelled);

    /// <param name="Before">The entry that the span follows; null when it is the first of all.</param>
    /// <param name="Last">Its last entry.</param>
    /// <param name="GoesOn">Whether the log goes on behind it.</param>
    private sealed record Span(ChainEnd? Before, ChainEnd Last, bool GoesOn);
}
