namespace Slipway.Wire.Registry;

/// <summary>POST model-versions/create.</summary>
public sealed record CreateModelVersionRequest
{
    /// <summary>Required; the name of a registered model.</summary>
    public string? Name { get; init; }

    /// <summary>Required; the URI of the model's files.</summary>
    public string? Source { get; init; }

    /// <summary>The run that made it; checked only where the source is a local path.</summary>
    public string? RunId { get; init; }

    /// <summary>For one key the last wins.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>A link to the run.</summary>
    public string? RunLink { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The logged model that is registered; <c>RESOURCE_DOES_NOT_EXIST</c> when unknown.</summary>
    public string? ModelId { get; init; }
}

/// <summary>An answer with one version.</summary>
/// <param name="ModelVersion">The version.</param>
public sealed record ModelVersionResponse(ModelVersion ModelVersion);

/// <summary>GET model-versions/get and get-download-uri, DELETE model-versions/delete.</summary>
/// <param name="Name">Required.</param>
/// <param name="Version">Required; digits.</param>
public sealed record ModelVersionRequest(string? Name, string? Version);

/// <summary>PATCH model-versions/update.</summary>
/// <param name="Name">Required.</param>
/// <param name="Version">Required; digits.</param>
/// <param name="Description">Absent clears it.</param>
public sealed record UpdateModelVersionRequest(string? Name, string? Version, string? Description);

/// <summary>POST model-versions/transition-stage.</summary>
/// <param name="Name">Required.</param>
/// <param name="Version">Required; digits.</param>
/// <param name="Stage">Required; in any letter case.</param>
/// <param name="ArchiveExistingVersions">Whether all other versions in the stage move to Archived; only for Staging and Production.</param>
public sealed record TransitionStageRequest(string? Name, string? Version, string? Stage, bool? ArchiveExistingVersions);

/// <summary>GET model-versions/search.</summary>
/// <param name="Filter">See docs/search.md.</param>
/// <param name="MaxResults">1 to 200000, which is the default.</param>
/// <param name="OrderBy">Such as <c>version_number DESC</c>.</param>
/// <param name="PageToken">From the page before; bound to the same query.</param>
public sealed record SearchModelVersionsRequest(string? Filter, long? MaxResults, IReadOnlyList<string>? OrderBy, string? PageToken);

/// <summary>Several versions.</summary>
/// <param name="ModelVersions">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record ModelVersionsResponse(IReadOnlyList<ModelVersion>? ModelVersions, string? NextPageToken);

/// <summary>Answer to GET model-versions/get-download-uri.</summary>
/// <param name="ArtifactUri">Where the files are.</param>
public sealed record DownloadUriResponse(string ArtifactUri);

/// <summary>POST model-versions/set-tag.</summary>
/// <param name="Name">Required.</param>
/// <param name="Version">Required; digits.</param>
/// <param name="Key">Required; up to 250 characters.</param>
/// <param name="Value">Up to 100000 characters; absent means empty.</param>
public sealed record SetModelVersionTagRequest(string? Name, string? Version, string? Key, string? Value);

/// <summary>DELETE model-versions/delete-tag; a missing tag is a success.</summary>
/// <param name="Name">Required.</param>
/// <param name="Version">Required; digits.</param>
/// <param name="Key">Required.</param>
public sealed record DeleteModelVersionTagRequest(string? Name, string? Version, string? Key);
