namespace Slipway.Wire.Tracking;

/// <summary>A named set of runs.</summary>
public sealed record Experiment
{
    /// <summary>Decimal digits; <c>"0"</c> is the default experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Unique, also among deleted experiments; up to 500 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The URI below which its runs keep their artifacts.</summary>
    public required string ArtifactLocation { get; init; }

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public required string LifecycleStage { get; init; }

    /// <summary>When it was created or renamed, deleted, restored last; milliseconds since 1970, UTC.</summary>
    public required long LastUpdateTime { get; init; }

    /// <summary>When it was created; milliseconds since 1970, UTC.</summary>
    public required long CreationTime { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }
}
