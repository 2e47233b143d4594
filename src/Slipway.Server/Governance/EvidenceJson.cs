using System.Text.Json.Serialization;

namespace Slipway.Server.Governance;

/// <summary>What pipelines and tests leave in the audit log and announce.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PipelineState))]
[JsonSerializable(typeof(TestState))]
[JsonSerializable(typeof(TestEvent))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, System.Text.Json.JsonElement>))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
