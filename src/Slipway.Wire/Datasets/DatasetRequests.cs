namespace Slipway.Wire.Datasets;

/// <summary>Asks for datasets by name (<c>GET datasets</c>).</summary>
/// <param name="After">The last name of the page before.</param>
/// <param name="Limit">How many at most; 100 unless given.</param>
public sealed record ListDatasetsRequest(string? After, long? Limit);

/// <summary>One page of the datasets that the caller may read.</summary>
/// <param name="Datasets">By name.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record DatasetsResponse(IReadOnlyList<RegisteredDataset> Datasets, string? Next);

/// <summary>All versions of a dataset.</summary>
/// <param name="Versions">The highest precedence first.</param>
public sealed record DatasetVersionsResponse(IReadOnlyList<DatasetVersion> Versions);

/// <summary>Asks for the files of a version (<c>GET datasets/{name}/versions/{version}/files</c>).</summary>
/// <param name="After">The last path of the page before.</param>
/// <param name="Limit">How many at most; 1,000 unless given.</param>
public sealed record ListDatasetFilesRequest(string? After, long? Limit);

/// <summary>One page of the files of a version.</summary>
/// <param name="Files">By path.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record DatasetFilesResponse(IReadOnlyList<DatasetFile> Files, string? Next);

/// <summary>Asks for the statistics of a table (<c>GET datasets/{name}/versions/{version}/statistics</c>).</summary>
/// <param name="Path">The file; needed where several are tables.</param>
public sealed record DatasetStatisticsRequest(string? Path);

/// <summary>Begins to send a version (<c>POST datasets/{name}/drafts</c>).</summary>
/// <param name="Version">The semantic version that it is to be.</param>
public sealed record BeginDatasetDraftRequest(string? Version)
{
    /// <summary>A text of the sender's that tells this content from any other, such as a hash of it: the same again finds the same draft. Absent begins anew.</summary>
    public string? Key { get; init; }
}

/// <summary>Begins to send a file of a draft of which only what is missing is sent, or finds the same upload again (<c>POST datasets/{name}/drafts/{draft}/uploads</c>).</summary>
/// <param name="Path">Required; where the file is to be in the version.</param>
/// <param name="Sha256">Required; what all of its bytes hash to, in hex. The server checks it in the end.</param>
/// <param name="Size">Required; how many bytes there are.</param>
public sealed record BeginDatasetUploadRequest(string? Path, string? Sha256, long? Size)
{
    /// <summary><c>csv</c>, <c>tsv</c>, <c>jsonl</c> or <c>bytes</c>; by the file's name unless given.</summary>
    public string? Format { get; init; }

    /// <summary>A version of the same dataset, an alias, or <c>latest</c>; chunks of its files need not be sent.</summary>
    public string? BaseVersion { get; init; }

    /// <summary>Which of its files; the one of the same path unless given.</summary>
    public string? BasePath { get; init; }
}

/// <summary>A version whose files are being sent. It lasts a day after the last file, and nobody else sees it.</summary>
/// <param name="Id">Names it in requests.</param>
/// <param name="Version">What it is to be.</param>
public sealed record DatasetDraft(string Id, string Version);

/// <summary>Makes a draft a version, all of it at once (<c>POST datasets/{name}/versions</c>).</summary>
/// <param name="Version">The draft's.</param>
/// <param name="Draft">The draft's id.</param>
public sealed record AddDatasetVersionRequest(string? Version, string? Draft)
{
    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Where it came from.</summary>
    public string? Source { get; init; }

    /// <summary>May be absent.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>Names to point to it, in place of what they point to.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }
}

/// <summary>A version that is there now.</summary>
/// <param name="Added">False when it was there with the same content before, and nothing was changed.</param>
/// <param name="Version">The version.</param>
public sealed record AddedDatasetVersion(bool Added, DatasetVersion Version);

/// <summary>Describes a dataset or a version anew.</summary>
/// <param name="Description">Absent takes the description away.</param>
public sealed record DescribeDatasetRequest(string? Description);

/// <summary>Points an alias to a version (<c>PUT datasets/{name}/aliases/{alias}</c>).</summary>
/// <param name="Version">The version.</param>
public sealed record SetDatasetAliasRequest(string? Version);

/// <summary>Sets a tag of a version (<c>PUT datasets/{name}/versions/{version}/tags</c>).</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its text; absent means empty.</param>
public sealed record SetDatasetTagRequest(string? Key, string? Value);

/// <summary>Deletes a tag of a version (<c>DELETE datasets/{name}/versions/{version}/tags</c>).</summary>
/// <param name="Key">Its name.</param>
public sealed record DeleteDatasetTagRequest(string? Key);

/// <summary>Erases the content of a version for good (<c>POST datasets/{name}/versions/{version}/purge</c>).</summary>
/// <param name="Reason">Why; stays on record.</param>
public sealed record PurgeDatasetRequest(string? Reason);

/// <summary>Says what the body is (<c>PUT datasets/{name}/drafts/{draft}/file</c>, in its query).</summary>
/// <param name="Path">Where the file is in the version: relative, with <c>/</c>, without <c>..</c>.</param>
/// <param name="Format"><c>csv</c>, <c>tsv</c>, <c>jsonl</c> or <c>bytes</c>; by the file's name unless given.</param>
public sealed record PutDatasetFileRequest(string? Path, string? Format);

/// <summary>Makes the body the only file of a version (<c>PUT datasets/{name}/versions/{version}</c>, in its query).</summary>
/// <param name="Path">The file's name.</param>
/// <param name="Format"><c>csv</c>, <c>tsv</c>, <c>jsonl</c> or <c>bytes</c>; by the file's name unless given.</param>
/// <param name="Description">What it is.</param>
/// <param name="Source">Where it came from.</param>
public sealed record PutDatasetVersionRequest(string? Path, string? Format, string? Description, string? Source);

/// <summary>Asks for a file of a version (<c>GET datasets/{name}/versions/{version}/file</c>).</summary>
/// <param name="Path">Which; may be absent where there is only one.</param>
public sealed record GetDatasetFileRequest(string? Path);
