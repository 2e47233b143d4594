namespace Slipway.Wire.Tracking;

/// <summary>POST experiments/create.</summary>
/// <param name="Name">Required; 1 to 500 characters; <c>RESOURCE_ALREADY_EXISTS</c> when taken.</param>
/// <param name="ArtifactLocation">A URI; absent means below the server's artifact root.</param>
/// <param name="Tags">For one key the last wins.</param>
public sealed record CreateExperimentRequest(string? Name, string? ArtifactLocation, IReadOnlyList<KeyValue>? Tags);

/// <summary>Answer to <see cref="CreateExperimentRequest"/>.</summary>
/// <param name="ExperimentId">The id of the new experiment.</param>
public sealed record CreateExperimentResponse(string ExperimentId);

/// <summary>GET experiments/get.</summary>
/// <param name="ExperimentId">Required; an integer.</param>
public sealed record GetExperimentRequest(string? ExperimentId);

/// <summary>GET experiments/get-by-name.</summary>
/// <param name="ExperimentName">Required; unknown gives <c>RESOURCE_DOES_NOT_EXIST</c>, on which clients create it.</param>
public sealed record GetExperimentByNameRequest(string? ExperimentName);

/// <summary>An answer with one experiment.</summary>
/// <param name="Experiment">The experiment, deleted or not.</param>
public sealed record ExperimentResponse(Experiment Experiment);

/// <summary>POST experiments/delete and experiments/restore.</summary>
/// <param name="ExperimentId">Required.</param>
public sealed record ExperimentLifecycleRequest(string? ExperimentId);

/// <summary>POST experiments/update.</summary>
/// <param name="ExperimentId">Required.</param>
/// <param name="NewName">Required; 1 to 500 characters.</param>
public sealed record UpdateExperimentRequest(string? ExperimentId, string? NewName);

/// <summary>POST experiments/set-experiment-tag.</summary>
/// <param name="ExperimentId">Required.</param>
/// <param name="Key">Required; up to 250 characters.</param>
/// <param name="Value">Up to 5000 characters; absent means empty.</param>
public sealed record SetExperimentTagRequest(string? ExperimentId, string? Key, string? Value);

/// <summary>POST experiments/delete-experiment-tag.</summary>
/// <param name="ExperimentId">Required.</param>
/// <param name="Key">Required; missing on the experiment gives <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
public sealed record DeleteExperimentTagRequest(string? ExperimentId, string? Key);

/// <summary>POST or GET experiments/search.</summary>
/// <param name="MaxResults">1 to 50000; absent means 1000.</param>
/// <param name="PageToken">From the page before; bound to the same query.</param>
/// <param name="Filter">See docs/search.md.</param>
/// <param name="OrderBy">Such as <c>name DESC</c>.</param>
/// <param name="ViewType">Absent means active ones.</param>
public sealed record SearchExperimentsRequest(long? MaxResults, string? PageToken, string? Filter, IReadOnlyList<string>? OrderBy, ViewType? ViewType);

/// <summary>GET experiments/list, as only 1.26 clients send it.</summary>
/// <param name="ViewType">Absent means active ones.</param>
/// <param name="MaxResults">1 to 50000; absent means all.</param>
/// <param name="PageToken">From the page before.</param>
public sealed record ListExperimentsRequest(ViewType? ViewType, long? MaxResults, string? PageToken);

/// <summary>A page of experiments.</summary>
/// <param name="Experiments">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record ExperimentsResponse(IReadOnlyList<Experiment>? Experiments, string? NextPageToken);
