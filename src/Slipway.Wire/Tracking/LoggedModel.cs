namespace Slipway.Wire.Tracking;

/// <summary>A model as 3.x clients log it, before anybody registers it.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Data">What it was made with and how it measures.</param>
public sealed record LoggedModel(LoggedModelInfo Info, LoggedModelData Data);

/// <summary>What a logged model is.</summary>
public sealed record LoggedModelInfo
{
    /// <summary><c>m-</c> and 32 lower-case hexadecimal digits.</summary>
    public required string ModelId { get; init; }

    /// <summary>The experiment that it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>A name for people; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public required long CreationTimestampMs { get; init; }

    /// <summary>When its status changed last; milliseconds since 1970, UTC.</summary>
    public required long LastUpdatedTimestampMs { get; init; }

    /// <summary>The URI of the folder of its files.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>Whether its files are there.</summary>
    public required LoggedModelStatus Status { get; init; }

    /// <summary>Free text; empty when nobody said.</summary>
    public required string ModelType { get; init; }

    /// <summary>The run that made it; empty when there was none.</summary>
    public required string SourceRunId { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }
}

/// <summary>What a logged model was made with. Each list is absent when it is empty.</summary>
/// <param name="Params">Each key once.</param>
/// <param name="Metrics">All points, not only the latest.</param>
public sealed record LoggedModelData(IReadOnlyList<KeyValue>? Params, IReadOnlyList<Metric>? Metrics);

/// <summary>Whether the files of a logged model are there.</summary>
public enum LoggedModelStatus
{
    /// <summary>Being uploaded.</summary>
    LoggedModelPending = 1,

    /// <summary>All there.</summary>
    LoggedModelReady = 2,

    /// <summary>The upload failed.</summary>
    LoggedModelUploadFailed = 3,
}
