using System.Buffers;
using System.Text.Json;

namespace Slipway.Store.Auditing;

/// <summary>One line of the audit log, and the bytes that are hashed and kept. Their form is told in docs/audit.md.</summary>
internal sealed record AuditEntry(long Sequence, long At, string ChangeId, Actor Actor, string Action, string Resource, string Outcome, string Previous)
{
    public const string Done = "done";
    public const string Refused = "refused";

    /// <summary>Other resources that it is about.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>The promotion that it belongs to.</summary>
    public string? Promotion { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>How many refusals it stands for; null for itself alone.</summary>
    public long? Count { get; init; }

    /// <summary>The stages and aliases that the change wrote, each as JSON.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>The state before the change, as JSON.</summary>
    public string? Before { get; init; }

    /// <summary>The state after it, as JSON.</summary>
    public string? After { get; init; }

    /// <summary>The resources under which it is found besides its own.</summary>
    public IEnumerable<string> AlsoFoundBy => AlsoFound(About, Promotion);

    public static IEnumerable<string> AlsoFound(IEnumerable<string> about, string? promotion) =>
        (promotion is null ? about : about.Append($"promotions/{promotion}")).Distinct(StringComparer.Ordinal);

    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", Sequence);
            json.WriteNumber("time", At);
            json.WriteString("change", ChangeId);
            json.WriteString("actor", Actor.Name);
            json.WriteString("authenticated", Actor.Authentication);
            WriteOptional(json, "address", Actor.Address);
            json.WriteString("action", Action);
            json.WriteString("resource", Resource);
            WriteList(json, "about", About);
            WriteOptional(json, "promotion", Promotion);
            json.WriteString("outcome", Outcome);
            WriteOptional(json, "reason", Reason);
            WriteCount(json, Count);
            WriteRaw(json, "before", Before);
            WriteRaw(json, "after", After);
            WriteEffects(json, Effects);
            json.WriteString("previous", Previous);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter json, long? count)
    {
        if (count is { } number)
        {
            json.WriteNumber("count", number);
        }
    }

    private static void WriteEffects(Utf8JsonWriter json, IReadOnlyList<string> effects)
    {
        if (effects.Count > 0)
        {
            WriteRaw(json, "effects", $"[{string.Join(',', effects)}]");
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }
}
