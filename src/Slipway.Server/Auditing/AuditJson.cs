using System.Text.Json;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;
using Slipway.Wire.Json;

namespace Slipway.Server.Auditing;

/// <summary>Reads what entries say.</summary>
internal static class AuditJson
{
    public static AuditRecord Parse(AuditRow row) => JsonSerializer.Deserialize(row.Entry, WireJson.Of<AuditRecord>())! with { Hash = row.Hash };

    /// <summary>A member of an entry's state as text; null when it has none.</summary>
    public static string? Text(JsonElement? state, string member) =>
        state is { ValueKind: JsonValueKind.Object } && state.Value.TryGetProperty(member, out var value) && value.ValueKind is (JsonValueKind.String or JsonValueKind.Number) ? value.ToString() : null;
}
