namespace Slipway.Wire.Tracking;

/// <summary>POST logged-models.</summary>
public sealed record CreateLoggedModelRequest
{
    /// <summary>Required.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>Without <c>/ : . % " '</c>; absent means that one is made.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? ModelType { get; init; }

    /// <summary>The run that makes it.</summary>
    public string? SourceRunId { get; init; }

    /// <summary>What it is made with.</summary>
    public IReadOnlyList<KeyValue>? Params { get; init; }

    /// <summary>For one key the last wins.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }
}

/// <summary>An answer with one logged model.</summary>
/// <param name="Model">The model.</param>
public sealed record LoggedModelResponse(LoggedModel Model);

/// <summary>GET logged-models/{model_id}.</summary>
/// <param name="AllowDeleted">Whether a deleted one is answered too.</param>
public sealed record GetLoggedModelRequest(bool? AllowDeleted);

/// <summary>PATCH logged-models/{model_id}.</summary>
/// <param name="Status">Required.</param>
public sealed record FinalizeLoggedModelRequest(LoggedModelStatus? Status);

/// <summary>POST logged-models/{model_id}/params. The same value again is a success; another value is an error.</summary>
/// <param name="Params">What it was made with.</param>
public sealed record LogLoggedModelParamsRequest(IReadOnlyList<KeyValue>? Params);

/// <summary>PATCH logged-models/{model_id}/tags.</summary>
/// <param name="Tags">For one key the last wins.</param>
public sealed record SetLoggedModelTagsRequest(IReadOnlyList<KeyValue>? Tags);

/// <summary>POST logged-models/search.</summary>
public sealed record SearchLoggedModelsRequest
{
    /// <summary>Required.</summary>
    public IReadOnlyList<string>? ExperimentIds { get; init; }

    /// <summary>See docs/search.md.</summary>
    public string? Filter { get; init; }

    /// <summary>Only metrics on one of these count.</summary>
    public IReadOnlyList<DatasetFilter>? Datasets { get; init; }

    /// <summary>1 to 1000; absent means 50.</summary>
    public long? MaxResults { get; init; }

    /// <summary>Absent means newest first.</summary>
    public IReadOnlyList<LoggedModelOrder>? OrderBy { get; init; }

    /// <summary>From the page before; bound to the same query.</summary>
    public string? PageToken { get; init; }
}

/// <summary>A dataset that metrics are measured on.</summary>
/// <param name="DatasetName">Required.</param>
/// <param name="DatasetDigest">Absent means any.</param>
public sealed record DatasetFilter(string? DatasetName, string? DatasetDigest);

/// <summary>One key of an order.</summary>
/// <param name="FieldName">Required; an attribute or <c>metrics.KEY</c>.</param>
/// <param name="Ascending">Absent means true.</param>
/// <param name="DatasetName">Narrows a metric to this dataset.</param>
/// <param name="DatasetDigest">Narrows it further.</param>
public sealed record LoggedModelOrder(string? FieldName, bool? Ascending, string? DatasetName, string? DatasetDigest);

/// <summary>A page of logged models.</summary>
/// <param name="Models">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record SearchLoggedModelsResponse(IReadOnlyList<LoggedModel>? Models, string? NextPageToken);
