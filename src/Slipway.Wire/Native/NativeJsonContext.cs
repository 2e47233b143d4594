using System.Text.Json.Serialization;

namespace Slipway.Wire.Native;

/// <summary>What every part of the native API shares.</summary>
[JsonSerializable(typeof(Problem))]
internal sealed partial class NativeJsonContext : JsonSerializerContext;
