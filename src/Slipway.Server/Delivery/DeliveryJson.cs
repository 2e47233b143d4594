using System.Text.Json.Serialization;

namespace Slipway.Server.Delivery;

/// <summary>What delivery leaves in the audit log and announces.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnvironmentState))]
[JsonSerializable(typeof(RolloutAudit))]
[JsonSerializable(typeof(DeploymentAudit))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
