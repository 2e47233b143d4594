using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>freezes</c>.</summary>
internal static class Freezes
{
    /// <summary>The freeze that holds for a model and a stage, the one that holds longest; null when none does.</summary>
    public static async Task<FreezeRow?> FindAsync(Reader reader, (string Model, string Stage) on, long at, CancellationToken cancellationToken)
    {
        var held = await reader.ListAsync($"""
            select id, pattern, stage, reason, actor, at, ends_at, lifted_at from freezes
            where lifted_at is null and (ends_at is null or ends_at > {at}) and (stage is null or stage = {on.Stage})
            """, Map, cancellationToken);
        return held.Where(freeze => NamePattern.Matches(freeze.Pattern, on.Model)).MaxBy(freeze => freeze.EndsAt ?? long.MaxValue);
    }

    private static FreezeRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3))
    {
        Actor = row.GetString(4),
        At = row.GetInt64(5),
        EndsAt = row.IsDBNull(6) ? null : row.GetInt64(6),
        LiftedAt = row.IsDBNull(7) ? null : row.GetInt64(7),
    };
}
