using System.Text.Json.Serialization;

namespace Slipway.Wire.Content;

/// <summary>Asks to remove stored content that nothing refers to (<c>POST gc</c>).</summary>
/// <param name="DryRun">Only tells what would be removed; false unless given.</param>
/// <param name="GraceSeconds">What nothing refers to stays for so long; a day unless given.</param>
public sealed record CollectGarbageRequest(bool? DryRun, long? GraceSeconds);

/// <summary>What was removed, or would be.</summary>
/// <param name="DryRun">Whether it only would be.</param>
public sealed record CollectGarbageResponse(bool DryRun)
{
    /// <summary>Files of the layout of the first versions that moved into the store.</summary>
    public long MovedFiles { get; init; }

    /// <summary>Their bytes.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Why some of them could not be moved.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>Whole contents that nothing refers to.</summary>
    public long Contents { get; init; }

    /// <summary>Their bytes, of which others may share some.</summary>
    public long ContentBytes { get; init; }

    /// <summary>Chunks that no content needs.</summary>
    public long Chunks { get; init; }

    /// <summary>What they take in their packs.</summary>
    public long ChunkBytes { get; init; }

    /// <summary>Chunks that go with the next run, because uploads that are under way may need them.</summary>
    public long WaitingChunks { get; init; }

    /// <summary>Packs that were removed.</summary>
    public long Packs { get; init; }

    /// <summary>Their bytes.</summary>
    public long PackBytes { get; init; }

    /// <summary>Those among them whose chunks in use were copied to a new one.</summary>
    public long Repacked { get; init; }

    /// <summary>Packs that uploads left which did not end.</summary>
    public long Orphans { get; init; }

    /// <summary>Their bytes.</summary>
    public long OrphanBytes { get; init; }
}

/// <summary>The records about stored content.</summary>
[JsonSerializable(typeof(CollectGarbageRequest))]
[JsonSerializable(typeof(CollectGarbageResponse))]
[JsonSerializable(typeof(BeginUploadRequest))]
[JsonSerializable(typeof(UploadResponse))]
[JsonSerializable(typeof(UploadedResponse))]
internal sealed partial class ContentJsonContext : JsonSerializerContext;
