using System.Data.Common;
using System.Security.Cryptography;

namespace Slipway.Store.Auditing;

/// <summary>Every statement that touches <c>audit</c>, <c>audit_about</c> and <c>audit_end</c>.</summary>
public static class AuditLog
{
    /// <summary>Reads the chain's end and holds it until the transaction ends.</summary>
    internal static async Task<ChainEnd> LockEndAsync(Writer writer, CancellationToken cancellationToken) =>
        await writer.FindAsync(
            $"select seq, at, hash from audit_end where id = 1 {writer.Dialect.ForUpdate}",
            row => new ChainEnd(row.GetInt64(0), row.GetInt64(1), row.GetString(2)),
            cancellationToken) ?? throw new InvalidOperationException("The audit log has lost its end.");

    public static Task<ChainEnd?> FindEndAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.FindAsync($"select seq, at, hash from audit_end where id = 1", row => new ChainEnd(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), cancellationToken);

    /// <summary>When something was last done, in milliseconds; null when it never was.</summary>
    public static Task<long?> FindTimeAsync(Reader reader, string action, CancellationToken cancellationToken) =>
        reader.FindAsync($"select at from audit where action = {action} and outcome = {AuditEntry.Done} order by seq desc limit 1", row => (long?)row.GetInt64(0), cancellationToken);

    /// <summary>The entry with this number, as the end of what comes before the next.</summary>
    public static Task<ChainEnd?> FindAsync(Reader reader, long sequence, CancellationToken cancellationToken) =>
        reader.FindAsync($"select seq, at, hash from audit where seq = {sequence}", row => new ChainEnd(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), cancellationToken);

    /// <summary>The first entry from a time on; null when there is none.</summary>
    public static Task<long?> FindSequenceFromAsync(Reader reader, long at, CancellationToken cancellationToken) =>
        reader.FindAsync($"select seq from audit where at >= {at} order by at, seq limit 1", row => (long?)row.GetInt64(0), cancellationToken);

    /// <summary>The last entry up to a time; 0 when there is none.</summary>
    public static async Task<long> SequenceAtAsync(Reader reader, long at, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select seq from audit where at <= {at} order by at desc, seq desc limit 1", row => (long?)row.GetInt64(0), cancellationToken) ?? 0;

    /// <summary>Entries in the order of their sequence, some at a time.</summary>
    public static Task<List<AuditRow>> ListAsync(Reader reader, AuditRange range, int limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"select seq, entry, hash from audit where seq > {range.After} and seq <= {range.Last} order by seq limit {limit}", Map, cancellationToken);

    /// <summary>The entries that a query asks for.</summary>
    public static Task<List<AuditRow>> ListAsync(Reader reader, AuditQuery query, CancellationToken cancellationToken)
    {
        var order = query.IsOldestFirst ? Sql.Of($"order by a.seq") : Sql.Of($"order by a.seq desc");
        return reader.ListAsync($"select a.seq, a.entry, a.hash from audit a where {query.ToSql()} {order} limit {query.Limit}", Map, cancellationToken);
    }

    /// <summary>What made, renamed or removed the model of this name: the last time up to an entry, or the first time behind it.</summary>
    public static Task<AuditRow?> FindLifeAsync(Reader reader, string name, (long Sequence, bool IsBehind) place, CancellationToken cancellationToken)
    {
        var resource = $"models/{name}";
        var where = place.IsBehind ? Sql.Of($"a.seq > {place.Sequence} order by a.seq limit 1") : Sql.Of($"a.seq <= {place.Sequence} order by a.seq desc limit 1");
        return reader.FindAsync($"""
            select a.seq, a.entry, a.hash from audit a
            where a.action in ('model.create', 'model.rename', 'model.delete') and a.outcome = 'done'
                and a.seq in (select seq from audit where resource = {resource} union all select seq from audit_about where resource = {resource})
                and {where}
            """, Map, cancellationToken);
    }

    internal static Task MoveEndAsync(Writer writer, ChainEnd end, CancellationToken cancellationToken) =>
        writer.SendAsync($"update audit_end set seq = {end.Sequence}, at = {end.At}, hash = {end.Hash} where id = 1", cancellationToken);

    internal static Task<bool> HasAsync(Reader reader, string changeId, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from audit where change_id = {changeId}", cancellationToken);

    /// <summary>Writes an entry and answers the chain's new end.</summary>
    internal static async Task<ChainEnd> AppendAsync(Writer writer, AuditEntry entry, CancellationToken cancellationToken)
    {
        var bytes = entry.ToBytes();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));

        foreach (var resource in entry.AlsoFoundBy)
        {
            await writer.SendAsync($"insert into audit_about (resource, seq) values ({resource}, {entry.Sequence})", cancellationToken);
        }

        // Awaited, and all that the change sent before it with it: a change's failures come to light within its own time.
        await writer.ExecuteAsync($"""
            insert into audit (seq, change_id, at, actor, action, resource, outcome, entry, hash)
            values ({entry.Sequence}, {entry.ChangeId}, {entry.At}, {entry.Actor.Name}, {entry.Action}, {entry.Resource}, {entry.Outcome}, {bytes}, {hash})
            """, cancellationToken);
        return new ChainEnd(entry.Sequence, entry.At, hash);
    }

    private static AuditRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2));
}

/// <summary>An entry as it is kept.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Entry">The bytes that are hashed.</param>
/// <param name="Hash">Their hash.</param>
public sealed record AuditRow(long Sequence, byte[] Entry, string Hash);

/// <summary>The entries behind one, up to another.</summary>
public sealed record AuditRange(long After, long Last);
