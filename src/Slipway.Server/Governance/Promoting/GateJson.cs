using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Server.Governance.Promoting;

/// <summary>How the results of gates are kept with a decision.</summary>
internal static class GateJson
{
    public static string Of(IEnumerable<GateResult> results) => JsonSerializer.Serialize(
        [.. results.Select(result => new GateState(result.Gate, result.IsMet, result.Required, result.Measured, result.Evidence, result.MetAt))],
        DecisionJson.Default.GateStateArray);
}

/// <summary>What a gate wanted and found when a version was let pass.</summary>
internal sealed record GateState(string Gate, bool Met, string Required, string Measured, string? Evidence, long? MetAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GateState[]))]
internal sealed partial class DecisionJson : JsonSerializerContext;
