namespace Slipway.Wire.Tracking;

/// <summary>POST runs/create.</summary>
/// <param name="ExperimentId">Absent means the default experiment.</param>
/// <param name="UserId">Who runs it; kept as given.</param>
/// <param name="RunName">Absent means the tag <c>mlflow.runName</c>, else one is made.</param>
/// <param name="StartTime">Milliseconds since 1970; absent means 0.</param>
/// <param name="Tags">For one key the last wins.</param>
public sealed record CreateRunRequest(string? ExperimentId, string? UserId, string? RunName, long? StartTime, IReadOnlyList<KeyValue>? Tags);

/// <summary>GET runs/get.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
public sealed record GetRunRequest(string? RunId, string? RunUuid);

/// <summary>An answer with one run.</summary>
/// <param name="Run">The run.</param>
public sealed record RunResponse(Run Run);

/// <summary>POST runs/update. Only what is present changes.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
/// <param name="Status">Any status may follow any other.</param>
/// <param name="EndTime">Milliseconds since 1970.</param>
/// <param name="RunName">Empty means no change; else it also becomes the tag <c>mlflow.runName</c>.</param>
public sealed record UpdateRunRequest(string? RunId, string? RunUuid, RunStatus? Status, long? EndTime, string? RunName);

/// <summary>Answer to <see cref="UpdateRunRequest"/>.</summary>
/// <param name="RunInfo">The run as it is now.</param>
public sealed record UpdateRunResponse(RunInfo RunInfo);

/// <summary>POST runs/delete and runs/restore; repeating either is a success.</summary>
/// <param name="RunId">Required.</param>
public sealed record RunLifecycleRequest(string? RunId);

/// <summary>POST runs/search.</summary>
/// <param name="ExperimentIds">None means no runs, not all.</param>
/// <param name="Filter">See docs/search.md.</param>
/// <param name="RunViewType">Absent means active ones.</param>
/// <param name="MaxResults">1 to 50000; absent means 1000.</param>
/// <param name="OrderBy">Such as <c>metrics.acc DESC</c>.</param>
/// <param name="PageToken">From the page before; bound to the same query.</param>
public sealed record SearchRunsRequest(IReadOnlyList<string>? ExperimentIds, string? Filter, ViewType? RunViewType, long? MaxResults, IReadOnlyList<string>? OrderBy, string? PageToken);

/// <summary>A page of runs.</summary>
/// <param name="Runs">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record SearchRunsResponse(IReadOnlyList<Run>? Runs, string? NextPageToken);

/// <summary>POST runs/log-metric.</summary>
public sealed record LogMetricRequest
{
    /// <summary>Required, unless the old name is sent.</summary>
    public string? RunId { get; init; }

    /// <summary>The old name of the same.</summary>
    public string? RunUuid { get; init; }

    /// <inheritdoc cref="Metric.Key"/>
    public string? Key { get; init; }

    /// <inheritdoc cref="Metric.Value"/>
    public double? Value { get; init; }

    /// <inheritdoc cref="Metric.Timestamp"/>
    public long? Timestamp { get; init; }

    /// <inheritdoc cref="Metric.Step"/>
    public long? Step { get; init; }

    /// <inheritdoc cref="Metric.ModelId"/>
    public string? ModelId { get; init; }

    /// <inheritdoc cref="Metric.DatasetName"/>
    public string? DatasetName { get; init; }

    /// <inheritdoc cref="Metric.DatasetDigest"/>
    public string? DatasetDigest { get; init; }
}

/// <summary>POST runs/log-parameter. The same value again is a success; another value is an error.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
/// <param name="Key">Required; up to 250 characters.</param>
/// <param name="Value">Cut at 6000 characters; absent means empty.</param>
public sealed record LogParamRequest(string? RunId, string? RunUuid, string? Key, string? Value);

/// <summary>POST runs/set-tag.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
/// <param name="Key">Required; up to 250 characters.</param>
/// <param name="Value">Cut at 8000 characters; absent means empty.</param>
public sealed record SetRunTagRequest(string? RunId, string? RunUuid, string? Key, string? Value);

/// <summary>POST runs/delete-tag.</summary>
/// <param name="RunId">Required.</param>
/// <param name="Key">Required; missing on the run gives <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
public sealed record DeleteRunTagRequest(string? RunId, string? Key);

/// <summary>POST runs/log-batch: all of it or none.</summary>
/// <param name="RunId">Required.</param>
/// <param name="Metrics">Up to 1000.</param>
/// <param name="Params">Up to 100.</param>
/// <param name="Tags">Up to 100; for one key the last wins.</param>
public sealed record LogBatchRequest(string? RunId, IReadOnlyList<Metric>? Metrics, IReadOnlyList<KeyValue>? Params, IReadOnlyList<KeyValue>? Tags);

/// <summary>POST runs/log-model, as clients before 3.0 send it.</summary>
/// <param name="RunId">Required.</param>
/// <param name="ModelJson">Required; the text of a JSON object with artifact_path, flavors, utc_time_created and run_id.</param>
public sealed record LogModelRequest(string? RunId, string? ModelJson);

/// <summary>POST runs/log-inputs. Naming an input again changes nothing.</summary>
/// <param name="RunId">Required.</param>
/// <param name="Datasets">Datasets that the run uses.</param>
/// <param name="Models">Logged models that the run uses.</param>
public sealed record LogInputsRequest(string? RunId, IReadOnlyList<DatasetInput>? Datasets, IReadOnlyList<ModelInput>? Models);

/// <summary>POST runs/outputs.</summary>
/// <param name="RunId">Required.</param>
/// <param name="Models">Required; may be empty.</param>
public sealed record LogOutputsRequest(string? RunId, IReadOnlyList<ModelOutput>? Models);
