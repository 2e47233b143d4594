using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Server.Datasets;

/// <summary>A version of a dataset as the audit log and events tell of it: never a value of its content.</summary>
internal sealed record DatasetState(string Name, string? Version)
{
    public string? ByteDigest { get; init; }

    public string? TableDigest { get; init; }

    public long? Size { get; init; }

    public long? Samples { get; init; }

    public long? Features { get; init; }

    public string? Description { get; init; }

    public string? Source { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public IReadOnlyList<string>? Aliases { get; init; }

    public string? Reason { get; init; }

    public static string Of(DatasetVersionRow row, IReadOnlyList<Pair>? tags = null, IReadOnlyList<string>? aliases = null) => new DatasetState(row.Name, row.Version)
    {
        ByteDigest = row.ByteDigest,
        TableDigest = row.TableDigest,
        Size = row.Size,
        Samples = row.Samples,
        Features = row.Features,
        Description = row.Description,
        Source = row.Source,
        Tags = tags is { Count: > 0 } ? tags.ToDictionary(tag => tag.Key, tag => tag.Value) : null,
        Aliases = aliases is { Count: > 0 } ? aliases : null,
        Reason = row.PurgeReason,
    }.ToJson();

    public string ToJson() => JsonSerializer.Serialize(this, DatasetJson.Default.DatasetState);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DatasetState))]
internal sealed partial class DatasetJson : JsonSerializerContext;
