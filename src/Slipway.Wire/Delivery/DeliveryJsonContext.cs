using System.Text.Json.Serialization;

namespace Slipway.Wire.Delivery;

/// <summary>The records of environments, deployments and rollouts.</summary>
[JsonSerializable(typeof(ApplyEnvironmentRequest))]
[JsonSerializable(typeof(EnvironmentsResponse))]
[JsonSerializable(typeof(ServedEnvironment))]
[JsonSerializable(typeof(EntryRequest))]
[JsonSerializable(typeof(DeploymentsRequest))]
[JsonSerializable(typeof(DeploymentsResponse))]
[JsonSerializable(typeof(RolloutLooksRequest))]
[JsonSerializable(typeof(RolloutLooksResponse))]
[JsonSerializable(typeof(Rollout))]
[JsonSerializable(typeof(StartTrialRequest))]
[JsonSerializable(typeof(StopTrialRequest))]
internal sealed partial class DeliveryJsonContext : JsonSerializerContext;
