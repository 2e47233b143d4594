using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Artifacts;
using Slipway.Server.Datasets;
using Slipway.Server.Tracking;

namespace Slipway.Server.Lineage;

/// <summary>The file among a run's artifacts that says which data it used, as courses on MLflow write it.</summary>
internal sealed record DatasetManifest(string? Name, string? Version, string? Hash)
{
    public const string FilePath = "data/dataset_manifest.json";

    private const string Tail = "/artifacts/" + FilePath;
    private const int SizeLimit = 64 << 10;

    public long? NumSamples { get; init; }

    public long? NumFeatures { get; init; }

    public string? CreatedAt { get; init; }

    public string? Description { get; init; }

    public static DatasetManifest Of(DatasetVersionRow version) => new(version.Name, version.Version, ByteDigest.Shorten(version.ByteDigest))
    {
        NumSamples = version.Samples,
        NumFeatures = version.Features,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(version.CreatedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        Description = version.Description,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.DatasetManifest);

    /// <summary>Keeps in mind what a file says that was just stored, if it is a manifest. One that can't be read says nothing.</summary>
    public static async Task NoteAsync(Spine spine, ArtifactPath path, CancellationToken cancellationToken)
    {
        if (!path.Text.EndsWith(Tail, StringComparison.Ordinal))
        {
            return;
        }

        var manifest = await ReadAsync(spine.Artifacts, path, cancellationToken);
        if (await spine.Database.ReadAsync(reader => RunManifests.IsKnownAsync(reader, RunIdOf(path), manifest, cancellationToken), cancellationToken))
        {
            return;
        }

        await spine.Ingest.WriteAsync(
            async (writer, token) =>
            {
                if (await Runs.FindAsync(writer, RunIdOf(path), token) is { } run && spine.Places.Find(run.ArtifactUri)?.Join(ArtifactPath.Parse(FilePath)) == path)
                {
                    await RunManifests.SetAsync(writer, run.Id, manifest, token);
                }

                return true;
            },
            cancellationToken);
    }

    private static string RunIdOf(ArtifactPath path)
    {
        var above = path.Text[..^Tail.Length];
        return above[(above.LastIndexOf('/') + 1)..];
    }

    private static async Task<DatasetManifest> ReadAsync(ArtifactStore store, ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(path, cancellationToken);
        var bytes = new byte[SizeLimit];
        var length = await content.Stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return Parse(bytes.AsSpan(0, length));
    }

    /// <summary>What the texts of a manifest say; nothing where there are none.</summary>
    internal static DatasetManifest Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? new DatasetManifest(Text(root, "name"), Text(root, "version"), Text(root, "hash")) : new DatasetManifest(null, null, null);
        }
        catch (JsonException)
        {
            // Anybody may store any bytes under this name.
            return new DatasetManifest(null, null, null);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 500 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DatasetManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
