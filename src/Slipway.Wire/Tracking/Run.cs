namespace Slipway.Wire.Tracking;

/// <summary>One execution of training code, with all that it logged.</summary>
/// <param name="Info">What it is and where its artifacts are.</param>
/// <param name="Data">What it measured and was set to.</param>
/// <param name="Inputs">The data and models that it used.</param>
/// <param name="Outputs">The models that it made; absent in the answer to its creation.</param>
public sealed record Run(RunInfo Info, RunData Data, RunInputs Inputs, RunOutputs? Outputs);

/// <summary>What a run is.</summary>
public sealed record RunInfo
{
    /// <summary>The same as <see cref="RunId"/>, for old clients.</summary>
    public string RunUuid => RunId;

    /// <summary>The experiment that it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>A name for people; not unique.</summary>
    public required string RunName { get; init; }

    /// <summary>Who ran it, as the client says.</summary>
    public required string UserId { get; init; }

    /// <summary>One of the names of <see cref="RunStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Milliseconds since 1970, as the client says; 0 when it did not.</summary>
    public required long StartTime { get; init; }

    /// <summary>Milliseconds since 1970; absent until the run has ended.</summary>
    public long? EndTime { get; init; }

    /// <summary>The URI of the folder of its artifacts.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public required string LifecycleStage { get; init; }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string RunId { get; init; }
}

/// <summary>What a run logged. Each list is absent when it is empty.</summary>
/// <param name="Metrics">The latest value of each key.</param>
/// <param name="Params">Each key once; a param never changes.</param>
/// <param name="Tags">Each key once.</param>
public sealed record RunData(IReadOnlyList<Metric>? Metrics, IReadOnlyList<KeyValue>? Params, IReadOnlyList<KeyValue>? Tags);

/// <summary>What a run used. Each list is absent when it is empty.</summary>
/// <param name="DatasetInputs">Datasets, with the tags of their use.</param>
/// <param name="ModelInputs">Logged models.</param>
public sealed record RunInputs(IReadOnlyList<DatasetInput>? DatasetInputs, IReadOnlyList<ModelInput>? ModelInputs);

/// <summary>What a run made.</summary>
/// <param name="ModelOutputs">Absent when there are none.</param>
public sealed record RunOutputs(IReadOnlyList<ModelOutput>? ModelOutputs);

/// <summary>A dataset that a run used.</summary>
/// <param name="Tags">Such as <c>mlflow.data.context</c>: what it was used for.</param>
/// <param name="Dataset">Required.</param>
public sealed record DatasetInput(IReadOnlyList<KeyValue>? Tags, Dataset? Dataset);

/// <summary>A dataset as MLflow's log_input describes it.</summary>
/// <param name="Name">Required; up to 500 characters.</param>
/// <param name="Digest">Required; up to 36 characters.</param>
/// <param name="SourceType">Required; such as <c>local</c> or <c>s3</c>.</param>
/// <param name="Source">Required; opaque, usually JSON; up to 65535 characters.</param>
/// <param name="Schema">Opaque, usually JSON; up to 1048575 characters.</param>
/// <param name="Profile">Opaque, usually JSON; up to 16777215 characters.</param>
public sealed record Dataset(string? Name, string? Digest, string? SourceType, string? Source, string? Schema, string? Profile);

/// <summary>A logged model that a run used.</summary>
/// <param name="ModelId">Required; not checked for existence.</param>
public sealed record ModelInput(string? ModelId);

/// <summary>A logged model that a run made.</summary>
/// <param name="ModelId">Required; not checked for existence.</param>
/// <param name="Step">At which step; absent means 0.</param>
public sealed record ModelOutput(string? ModelId, long? Step);

/// <summary>How a run is going; any change of status is allowed.</summary>
public enum RunStatus
{
    /// <summary>Under way; a new run is.</summary>
    Running = 1,

    /// <summary>To be started.</summary>
    Scheduled = 2,

    /// <summary>Ended well.</summary>
    Finished = 3,

    /// <summary>Ended badly.</summary>
    Failed = 4,

    /// <summary>Ended by somebody.</summary>
    Killed = 5,
}
