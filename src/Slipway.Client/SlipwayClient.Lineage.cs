using Slipway.Wire.Lineage;

namespace Slipway.Client;

/// <content>Which data went into what, and recalls.</content>
public sealed partial class SlipwayClient
{
    /// <summary>What a version of a dataset was used for, over any number of steps.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="version">Its version, an alias or <c>latest</c>; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="direction"><c>up</c>, <c>down</c> or <c>both</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<LineageResponse> GetDatasetLineageAsync(string dataset, string version, string direction = "both", CancellationToken cancellationToken = default) =>
        LineageAsync($"datasets/{Uri.EscapeDataString(dataset)}/versions/{Uri.EscapeDataString(version)}", direction, cancellationToken);

    /// <summary>What a model version was made from, and its copies.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="direction"><c>up</c>, <c>down</c> or <c>both</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<LineageResponse> GetVersionLineageAsync(string model, string version, string direction = "both", CancellationToken cancellationToken = default) =>
        LineageAsync(PathOf(model, version), direction, cancellationToken);

    /// <summary>What a run used, and what was made of it.</summary>
    /// <param name="runId">The run; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="direction"><c>up</c>, <c>down</c> or <c>both</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<LineageResponse> GetRunLineageAsync(string runId, string direction = "both", CancellationToken cancellationToken = default) =>
        LineageAsync($"runs/{Uri.EscapeDataString(runId)}", direction, cancellationToken);

    /// <summary>The versions of datasets that a run used, however it says so.</summary>
    /// <param name="runId">The run; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<RunDatasetsResponse> ListRunDatasetsAsync(string runId, CancellationToken cancellationToken = default) =>
        AskAsync<RunDatasetsResponse>($"runs/{Uri.EscapeDataString(runId)}/datasets", cancellationToken);

    /// <summary>Says that a run uses a version of a dataset, for which the caller has to be one who may edit the run and read the dataset.</summary>
    /// <param name="runId">The run; it must not be deleted.</param>
    /// <param name="request">Which version, and what for.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<RunDatasetsResponse> UseDatasetAsync(string runId, UseDatasetRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UseDatasetRequest, RunDatasetsResponse>(HttpMethod.Post, $"runs/{Uri.EscapeDataString(runId)}/datasets", request, cancellationToken);

    /// <summary>Says that a version of a dataset is not to be used any more, for which the caller has to be one who may manage the dataset.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="version">Its version; one that is recalled already fails with <c>RESOURCE_CONFLICT</c>.</param>
    /// <param name="reason">Why; stays on record.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<DatasetRecall> RecallDatasetAsync(string dataset, string version, string reason, CancellationToken cancellationToken = default) =>
        CallAsync<RecallDatasetRequest, DatasetRecall>(HttpMethod.Post, $"datasets/{Uri.EscapeDataString(dataset)}/versions/{Uri.EscapeDataString(version)}/recall", new RecallDatasetRequest(reason), cancellationToken);

    /// <summary>Takes back that a version of a dataset was recalled, for which the caller has to be one who may manage the dataset.</summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="version">Its version; one that is not recalled fails with <c>RESOURCE_CONFLICT</c>.</param>
    /// <param name="reason">Why; stays on record.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<DatasetRecall> ReinstateDatasetAsync(string dataset, string version, string reason, CancellationToken cancellationToken = default) =>
        CallAsync<RecallDatasetRequest, DatasetRecall>(HttpMethod.Post, $"datasets/{Uri.EscapeDataString(dataset)}/versions/{Uri.EscapeDataString(version)}/reinstate", new RecallDatasetRequest(reason), cancellationToken);

    private Task<LineageResponse> LineageAsync(string path, string direction, CancellationToken cancellationToken) =>
        AskAsync<LineageResponse>($"{path}/lineage?direction={Uri.EscapeDataString(direction)}", cancellationToken);
}
