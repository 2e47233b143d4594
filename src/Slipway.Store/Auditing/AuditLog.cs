using System.Security.Cryptography;

namespace Slipway.Store.Auditing;

/// <summary>Every statement that touches <c>audit</c>, <c>audit_about</c> and <c>audit_end</c>.</summary>
internal static class AuditLog
{
    /// <summary>Reads the chain's end and holds it until the transaction ends.</summary>
    public static async Task<ChainEnd> LockEndAsync(Writer writer, CancellationToken cancellationToken) =>
        await writer.FindAsync(
            $"select seq, at, hash from audit_end where id = 1 {writer.Dialect.ForUpdate}",
            row => new ChainEnd(row.GetInt64(0), row.GetInt64(1), row.GetString(2)),
            cancellationToken) ?? throw new InvalidOperationException("The audit log has lost its end.");

    public static Task MoveEndAsync(Writer writer, ChainEnd end, CancellationToken cancellationToken) =>
        writer.SendAsync($"update audit_end set seq = {end.Sequence}, at = {end.At}, hash = {end.Hash} where id = 1", cancellationToken);

    public static Task<bool> HasAsync(Reader reader, string changeId, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from audit where change_id = {changeId}", cancellationToken);

    /// <summary>Writes an entry and answers the chain's new end.</summary>
    public static async Task<ChainEnd> AppendAsync(Writer writer, AuditEntry entry, CancellationToken cancellationToken)
    {
        var bytes = entry.ToBytes();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));

        foreach (var resource in entry.About)
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
}

/// <summary>The last entry of the chain.</summary>
internal sealed record ChainEnd(long Sequence, long At, string Hash);
