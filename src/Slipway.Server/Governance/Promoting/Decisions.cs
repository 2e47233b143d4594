using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Every statement that writes <c>decisions</c>: why a version was let into a stage.</summary>
internal static class Decisions
{
    public const string Transition = "transition";
    public const string Promotion = "promotion";
    public const string Alias = "alias";
    public const string Rollback = "rollback";
    public const string BreakGlass = "break-glass";

    public static Task AddAsync(Change change, Decision decision, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into decisions (version, seq, stage, at, kind, actor, promotion, pipeline, pipeline_version, digest, gates, reason)
            values ({decision.Version}, {change.Info.Sequence}, {decision.Stage}, {change.Info.At}, {decision.Kind}, {change.Info.Actor.Name}, {decision.Promotion},
                {decision.Pipeline?.Name}, {decision.Pipeline?.Version}, {decision.Digest}, {Json(decision.Gates)}, {decision.Reason})
            """, cancellationToken);

    private static string Json(IEnumerable<GateResult> results) => JsonSerializer.Serialize(
        [.. results.Select(result => new DecidedGate(result.Gate, result.IsMet, result.Required, result.Measured, result.Evidence, result.MetAt))],
        DecisionJson.Default.DecidedGateArray);
}

/// <summary>What was decided about a version in front of a stage, and on what grounds.</summary>
internal sealed record Decision(long Version, string Stage, string Kind)
{
    public long? Promotion { get; init; }

    /// <summary>The one in force; null when none was.</summary>
    public Pipeline? Pipeline { get; init; }

    /// <summary>Over the evidence; null where no gate was asked.</summary>
    public string? Digest { get; init; }

    public IReadOnlyList<GateResult> Gates { get; init; } = [];

    public string? Reason { get; init; }
}

/// <summary>What a gate wanted and found when a version was let pass.</summary>
internal sealed record DecidedGate(string Gate, bool Met, string Required, string Measured, string? Evidence, long? MetAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecidedGate[]))]
internal sealed partial class DecisionJson : JsonSerializerContext;
