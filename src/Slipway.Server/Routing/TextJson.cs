using System.Text.Json.Serialization;

namespace Slipway.Server.Routing;

/// <summary>Plain JSON values.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
