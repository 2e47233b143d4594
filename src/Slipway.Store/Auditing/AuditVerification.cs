using System.Data.Common;
using System.Text;
using System.Text.Json;

namespace Slipway.Store.Auditing;

/// <summary>Walks the chain from its first entry and names the first one that does not fit.</summary>
public static class AuditVerification
{
    private const int Batch = 500;

    /// <summary>Walks the log of a database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="trail">Checkpoints, read before this is called: what they saw must still be there.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>How many entries fit, and what is wrong with the next one; null when nothing is.</returns>
    public static Task<AuditFinding> VerifyAsync(Database database, CheckpointTrail trail, CancellationToken cancellationToken) =>
        database.ReadAsync(reader => VerifyAsync(reader, trail, cancellationToken), cancellationToken);

    /// <inheritdoc cref="VerifyAsync(Database, CheckpointTrail, CancellationToken)"/>
    public static Task<AuditFinding> VerifyAsync(Database database, CancellationToken cancellationToken) => VerifyAsync(database, CheckpointTrail.None, cancellationToken);

    /// <inheritdoc cref="VerifyAsync(Database, CheckpointTrail, CancellationToken)"/>
    public static async Task<AuditFinding> VerifyAsync(Reader reader, CheckpointTrail trail, CancellationToken cancellationToken)
    {
        var walk = new ChainWalk(trail);
        int taken;
        do
        {
            taken = await TakeBatchAsync(reader, walk, cancellationToken);
        }
        while (taken == Batch && walk.IsSound);

        var end = await AuditLog.FindEndAsync(reader, cancellationToken);
        var last = Math.Max(walk.Entries, end?.Sequence ?? 0);
        if (walk.IsSound && await reader.FindAsync($"select seq from audit_about where seq < 1 or seq > {last} order by seq limit 1", row => (long?)row.GetInt64(0), cancellationToken) is { } stray)
        {
            walk.Stumble($"Entry {stray} is missing, and yet something is found by it.");
        }

        return walk.End(end);
    }

    /// <summary>Walks an export.</summary>
    /// <param name="export">JSON Lines, as the server exports them.</param>
    /// <param name="trail">Checkpoints of that server.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public static async Task<AuditFinding> VerifyExportAsync(Stream export, CheckpointTrail trail, CancellationToken cancellationToken)
    {
        var walk = new ChainWalk(trail);
        ExportLine? last = null;
        using var lines = new StreamReader(export, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (walk.IsSound && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (last is not null)
            {
                walk.Stumble($"Something follows the end of the export, behind entry {walk.Entries}.");
            }
            else if (!ExportLine.TryParse(line, out var parsed))
            {
                walk.Stumble($"Entry {walk.Entries + 1} is not what was written: its line is none of an export.");
            }
            else if (parsed.After is { } before)
            {
                walk.Begin(before);
            }
            else if ((parsed.End ?? parsed.Until) is not null)
            {
                last = parsed;
            }
            else
            {
                walk.Take(parsed.Sequence, Encoding.UTF8.GetBytes(parsed.Entry!), parsed.Hash!);
            }
        }

        return last?.Until is { } until ? walk.EndBefore(until) : walk.End(last?.End);
    }

    private static async Task<int> TakeBatchAsync(Reader reader, ChainWalk walk, CancellationToken cancellationToken)
    {
        var rows = await reader.ListAsync(
            $"select seq, entry, hash, change_id, actor, action, resource, outcome, at from audit where seq > {walk.Entries} order by seq limit {Batch}", Map, cancellationToken);
        if (rows.Count == 0)
        {
            return 0;
        }

        var also = (await reader.ListAsync(
            $"select seq, resource from audit_about where seq > {walk.Entries} and seq <= {rows[^1].Sequence}",
            row => (Sequence: row.GetInt64(0), Resource: row.GetString(1)),
            cancellationToken)).ToLookup(found => found.Sequence, found => found.Resource);
        foreach (var row in rows)
        {
            walk.Take(row.Sequence, row.Entry, row.Hash, entry => Check(row, entry) ?? CheckAlso(row, entry, also[row.Sequence]));
        }

        return rows.Count;
    }

    private static string? Check(AuditRow row, JsonElement entry)
    {
        if (entry.GetProperty("time").GetInt64() != row.At)
        {
            return $"Entry {row.Sequence} is found by another time than it tells of.";
        }

        string[] names = ["change", "actor", "action", "resource", "outcome"];
        return names.Where((name, index) => entry.GetProperty(name).GetString() != row.Found[index]).FirstOrDefault() is { } wrong
            ? $"Entry {row.Sequence} is found by another {wrong} than it tells of."
            : null;
    }

    private static string? CheckAlso(AuditRow row, JsonElement entry, IEnumerable<string> found)
    {
        var about = entry.TryGetProperty("about", out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];
        var promotion = entry.TryGetProperty("promotion", out var id) ? id.GetString() : null;
        return AuditEntry.AlsoFound(about, promotion).ToHashSet(StringComparer.Ordinal).SetEquals(found)
            ? null
            : $"Entry {row.Sequence} is found by other resources than it is about.";
    }

    private static AuditRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2), row.GetInt64(8))
    {
        Found = [row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7)],
    };

    private sealed record AuditRow(long Sequence, byte[] Entry, string Hash, long At)
    {
        public required IReadOnlyList<string> Found { get; init; }
    }
}

/// <summary>How far the audit log is sound.</summary>
/// <param name="Entries">How many entries fit, from the first one on that was walked.</param>
/// <param name="Problem">What is wrong with the next one; null when nothing is.</param>
public sealed record AuditFinding(long Entries, string? Problem)
{
    /// <summary>What was walked, where that is not the whole log.</summary>
    public AuditPart? Part { get; init; }

    /// <summary>How many checkpoints were compared.</summary>
    public long Checkpoints { get; init; }

    /// <summary>The last of them: what was cut off behind it can't be seen.</summary>
    public Checkpoint? LastCheckpoint { get; init; }
}

/// <summary>A part of the log, its ends included.</summary>
public sealed record AuditPart(long First, long Last);
