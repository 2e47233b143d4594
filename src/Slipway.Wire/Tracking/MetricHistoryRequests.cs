namespace Slipway.Wire.Tracking;

/// <summary>GET metrics/get-history.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
/// <param name="MetricKey">Required.</param>
/// <param name="MaxResults">Absent or 0 means all points.</param>
/// <param name="PageToken">From the page before; bound to the same query.</param>
public sealed record GetMetricHistoryRequest(string? RunId, string? RunUuid, string? MetricKey, long? MaxResults, string? PageToken);

/// <summary>Points of one metric, by timestamp, step and value.</summary>
/// <param name="Metrics">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record MetricHistoryResponse(IReadOnlyList<Metric>? Metrics, string? NextPageToken);

/// <summary>GET metrics/get-history-bulk, for charts over several runs.</summary>
/// <param name="RunId">Required; 1 to 100.</param>
/// <param name="MetricKey">Required.</param>
/// <param name="MaxResults">Up to 25000, which is the default.</param>
public sealed record GetMetricHistoryBulkRequest(IReadOnlyList<string>? RunId, string? MetricKey, long? MaxResults);

/// <summary>GET metrics/get-history-bulk-interval: evenly chosen steps of one metric over several runs.</summary>
/// <param name="RunIds">Required; 1 to 100.</param>
/// <param name="MetricKey">Required.</param>
/// <param name="StartStep">First step; only together with the last.</param>
/// <param name="EndStep">Last step, included.</param>
/// <param name="MaxResults">1 to 2500 steps; absent means 2500.</param>
public sealed record GetMetricHistoryIntervalRequest(IReadOnlyList<string>? RunIds, string? MetricKey, long? StartStep, long? EndStep, long? MaxResults);

/// <summary>POST experiments/search-datasets, for the browser.</summary>
/// <param name="ExperimentIds">Required; 1 to 20.</param>
public sealed record SearchDatasetsRequest(IReadOnlyList<string>? ExperimentIds);

/// <summary>Answer to <see cref="SearchDatasetsRequest"/>.</summary>
/// <param name="DatasetSummaries">Up to 1000; absent when there are none.</param>
public sealed record SearchDatasetsResponse(IReadOnlyList<DatasetSummary>? DatasetSummaries);

/// <summary>A dataset that runs of an experiment used.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="Name">The dataset's name.</param>
/// <param name="Digest">The dataset's digest.</param>
/// <param name="Context">What it was used for; absent when nobody said.</param>
public sealed record DatasetSummary(string ExperimentId, string Name, string Digest, string? Context);
