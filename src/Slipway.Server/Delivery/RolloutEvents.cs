using System.Globalization;
using System.Text.Json;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>What rollouts leave in the audit log and announce.</summary>
internal static class RolloutEvents
{
    /// <summary>Records a turn of a rollout, and tells those who listen.</summary>
    /// <param name="change">The change.</param>
    /// <param name="rollout">As it was; null when it begins.</param>
    /// <param name="now">As it is.</param>
    public static void Tell(Change change, RolloutRow? rollout, RolloutRow now)
    {
        change.Promotion ??= now.Promotion?.ToString(CultureInfo.InvariantCulture);
        var after = Of(now);
        change.Record(rollout is null ? null : Of(rollout), after);
        change.Announce($"rollout.{(rollout is null ? "begun" : now.State)}", after);
    }

    private static string Of(RolloutRow row) => JsonSerializer.Serialize(new RolloutAudit(row.Id, row.Environment, row.ModelName, row.Number, row.State)
    {
        From = row.FromNumber,
        Kind = row.Kind,
        Percent = row.Trial?.Percent,
        Seconds = row.Trial?.Seconds,
        Promotion = row.Promotion,
        Phase = row.Phase,
        Signal = row.Signal,
        Reason = row.Reason,
    }, DeliveryJson.Default.RolloutAudit);
}

/// <summary>A rollout as the audit log tells of it; what does not belong to it is absent.</summary>
internal sealed record RolloutAudit(long Rollout, string Environment, string Name, long Version, string State)
{
    public long? From { get; init; }

    public string? Kind { get; init; }

    /// <summary>Of a trial.</summary>
    public double? Percent { get; init; }

    /// <summary>Of a trial.</summary>
    public double? Seconds { get; init; }

    public long? Promotion { get; init; }

    public string? Phase { get; init; }

    public string? Signal { get; init; }

    public string? Reason { get; init; }
}
