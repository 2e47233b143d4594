using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>A value that our answer may hold where none was recorded.</summary>
internal sealed record Addition(string Path, Func<JsonNode?, bool> Allows);
