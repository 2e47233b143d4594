using System.Text.Json.Serialization;

namespace Slipway.Server.Governance;

/// <summary>What pipelines and tests leave in the audit log and announce.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PipelineState))]
internal sealed partial class GateJson : JsonSerializerContext;
