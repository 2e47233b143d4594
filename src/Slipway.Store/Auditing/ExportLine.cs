using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Store.Auditing;

/// <summary>One line of an export: an entry with its hash, or where it begins or ends.</summary>
public sealed record ExportLine
{
    /// <summary>The entry, the very text whose bytes are hashed.</summary>
    public string? Entry { get; init; }

    public string? Hash { get; init; }

    /// <summary>The last line only: where the log ended.</summary>
    public ChainEnd? End { get; init; }

    /// <summary>The first line only, and only of a part: the entry that it follows.</summary>
    public ChainEnd? After { get; init; }

    /// <summary>The last line only, and only of a part behind which the log goes on: its last entry.</summary>
    public ChainEnd? Until { get; init; }

    /// <summary>The number that the line gives its entry.</summary>
    public long Sequence { get; init; }

    public static ExportLine Of(long sequence, byte[] entry, string hash) => new() { Sequence = sequence, Hash = hash, Entry = Encoding.UTF8.GetString(entry) };

    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, AuditJson.Default.ExportLine), (byte)'\n'];

    public static bool TryParse(string line, out ExportLine parsed)
    {
        try
        {
            parsed = JsonSerializer.Deserialize(line, AuditJson.Default.ExportLine) ?? new ExportLine();
            return (parsed.End ?? parsed.After ?? parsed.Until) is not null || (parsed.Entry is not null && parsed.Hash is not null);
        }
        catch (JsonException)
        {
            parsed = new ExportLine();
            return false;
        }
    }
}

/// <summary>The last entry of the chain.</summary>
public sealed record ChainEnd(long Sequence, [property: JsonPropertyName("time")] long At, string Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ExportLine))]
[JsonSerializable(typeof(CheckpointLine))]
internal sealed partial class AuditJson : JsonSerializerContext;
