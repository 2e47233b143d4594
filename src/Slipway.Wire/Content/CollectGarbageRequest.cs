using System.Text.Json.Serialization;

namespace Slipway.Wire.Content;

/// <summary>Asks to remove stored content that nothing refers to (<c>POST gc</c>).</summary>
/// <param name="DryRun">Only tells what would be removed; false unless given.</param>
/// <param name="GraceSeconds">What nothing refers to stays for so long; a day unless given.</param>
public sealed record CollectGarbageRequest(bool? DryRun, long? GraceSeconds)
{
    /// <summary>Remove runs, logged models and experiments for good that were deleted long ago, before the content that they leave; not unless given.</summary>
    public bool? Runs { get; init; }

    /// <summary>How long ago; 30 days unless given.</summary>
    public long? OlderThanSeconds { get; init; }
}

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

    /// <summary>Runs that were removed for good; absent when that was not asked for.</summary>
    public long? Runs { get; init; }

    /// <summary>Logged models that were.</summary>
    public long? LoggedModels { get; init; }

    /// <summary>Experiments that were: those of which nothing is left.</summary>
    public long? Experiments { get; init; }

    /// <summary>What was deleted as long ago and stays, because model versions came from it.</summary>
    public long? Kept { get; init; }

    /// <summary>There is more to remove: ask again. Absent when there is not.</summary>
    public bool? More { get; init; }

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
