using System.Text.Json.Serialization;

namespace Slipway.Wire.Auditing;

/// <summary>The records of the log and of what is told from it.</summary>
[JsonSerializable(typeof(AuditRecord))]
[JsonSerializable(typeof(AuditRequest))]
[JsonSerializable(typeof(ExportAuditRequest))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditVerdict))]
[JsonSerializable(typeof(CheckpointKeyResponse))]
[JsonSerializable(typeof(PastRequest))]
[JsonSerializable(typeof(ModelPast))]
[JsonSerializable(typeof(PathRequest))]
[JsonSerializable(typeof(VersionHistory))]
[JsonSerializable(typeof(IReadOnlyList<GatePast>))]
[JsonSerializable(typeof(VersionDiffRequest))]
[JsonSerializable(typeof(VersionDiff))]
internal sealed partial class AuditingJsonContext : JsonSerializerContext;
