using System.Text.Json.Serialization;

namespace Slipway.Wire.Native;

/// <summary>What every part of the native API shares, and what belongs to no part of it.</summary>
[JsonSerializable(typeof(ListVersionFilesRequest))]
[JsonSerializable(typeof(VersionFilesResponse))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class NativeJsonContext : JsonSerializerContext;
