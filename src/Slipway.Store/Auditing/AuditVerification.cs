using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Store.Auditing;

/// <summary>Walks the chain from its first entry and names the first one that does not fit.</summary>
public static class AuditVerification
{
    /// <returns>How many entries fit, and what is wrong with the next one; null when nothing is.</returns>
    public static Task<AuditFinding> VerifyAsync(Database database, CancellationToken cancellationToken) =>
        database.ReadAsync(reader => VerifyAsync(reader, cancellationToken), cancellationToken);

    internal static async Task<AuditFinding> VerifyAsync(Reader reader, CancellationToken cancellationToken)
    {
        var (count, previous, problem) = (0L, "", (string?)null);
        await reader.EachAsync($"select seq, entry, hash, change_id, actor, action, resource, outcome, at from audit order by seq", row =>
        {
            problem ??= Check(row, count + 1, previous);
            if (problem is null)
            {
                (count, previous) = (count + 1, row.GetString(2));
            }
        }, cancellationToken);

        var end = await reader.FindAsync($"select seq, at, hash from audit_end", row => new ChainEnd(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), cancellationToken);
        problem ??= end is null || end.Sequence != count || end.Hash != previous ? $"The log ends at entry {count}, but its recorded end is entry {end?.Sequence}." : null;
        return new AuditFinding(count, problem);
    }

    private static string? Check(DbDataReader row, long expected, string previous)
    {
        var sequence = row.GetInt64(0);
        if (sequence != expected)
        {
            return $"Entry {expected} is missing: the next one is {sequence}.";
        }

        var entry = row.GetFieldValue<byte[]>(1);
        if (Convert.ToHexStringLower(SHA256.HashData(entry)) != row.GetString(2))
        {
            return $"Entry {sequence} is not what was written: its bytes do not have its hash.";
        }

        try
        {
            using var json = JsonDocument.Parse(entry);
            return Check(row, json.RootElement, previous);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"Entry {sequence} is not what was written: it is no entry.";
        }
    }

    private static string? Check(DbDataReader row, JsonElement entry, string previous)
    {
        var sequence = row.GetInt64(0);
        if (entry.GetProperty("previous").GetString() != previous || entry.GetProperty("sequence").GetInt64() != sequence)
        {
            return $"Entry {sequence} does not follow entry {sequence - 1}.";
        }

        if (entry.GetProperty("time").GetInt64() != row.GetInt64(8))
        {
            return $"Entry {sequence} is found by another time than it tells of.";
        }

        string[] found = ["change", "actor", "action", "resource", "outcome"];
        return found.Where((name, index) => entry.GetProperty(name).GetString() != row.GetString(3 + index)).FirstOrDefault() is { } wrong
            ? $"Entry {sequence} is found by another {wrong} than it tells of."
            : null;
    }
}

/// <summary>How far the audit log is sound.</summary>
public sealed record AuditFinding(long Entries, string? Problem);
