using System.Text.Json.Serialization;

namespace Slipway;

/// <summary>What <c>slipway status --json</c> answers.</summary>
internal sealed record ServerStatus(string Server, bool Reachable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class CommandJson : JsonSerializerContext;
