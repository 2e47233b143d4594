using System.Text.Json.Serialization;

namespace Slipway.Server.Tracking;

/// <summary>An experiment as the audit log tells of it.</summary>
internal sealed record ExperimentState(long Id, string Name, string ArtifactLocation, string Lifecycle);

/// <summary>A run as the audit log tells of it.</summary>
internal sealed record RunState(string RunId, string Lifecycle);

/// <summary>A tag as the audit log tells of it.</summary>
internal sealed record TagState(string Key, string? Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExperimentState))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(TagState))]
internal sealed partial class TrackingJson : JsonSerializerContext;
