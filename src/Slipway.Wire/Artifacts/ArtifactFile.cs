namespace Slipway.Wire.Artifacts;

/// <summary>A file or a folder of artifacts.</summary>
/// <param name="Path">Its base name in listings of the proxy; relative to the run's root in artifacts/list.</param>
/// <param name="IsDir">Always present: clients read it as a key.</param>
/// <param name="FileSize">In bytes; absent for folders.</param>
public sealed record ArtifactFile(string Path, bool IsDir, long? FileSize);

/// <summary>A listing of the proxy, one level deep.</summary>
/// <param name="Files">By path; absent when there are none.</param>
public sealed record ArtifactFilesResponse(IReadOnlyList<ArtifactFile>? Files);

/// <summary>GET mlflow-artifacts/artifacts.</summary>
/// <param name="Path">The folder to list; absent or empty means the root.</param>
public sealed record ListProxiedArtifactsRequest(string? Path);

/// <summary>GET artifacts/list, of one run.</summary>
/// <param name="RunId">Required, unless the old name is sent.</param>
/// <param name="RunUuid">The old name of the same.</param>
/// <param name="Path">The folder below the run's artifacts; absent means their root.</param>
/// <param name="PageToken">Not used: everything is answered at once.</param>
public sealed record ListArtifactsRequest(string? RunId, string? RunUuid, string? Path, string? PageToken);

/// <summary>GET logged-models/{model_id}/artifacts/directories.</summary>
/// <param name="ArtifactDirectoryPath">The folder below the model's files; absent means their root.</param>
public sealed record ListLoggedModelArtifactsRequest(string? ArtifactDirectoryPath);

/// <summary>A listing below a run or a logged model.</summary>
/// <param name="RootUri">The URI that the paths are relative to.</param>
/// <param name="Files">By path; absent when there are none.</param>
public sealed record ArtifactsResponse(string RootUri, IReadOnlyList<ArtifactFile>? Files);

/// <summary>POST artifacts/presigned-upload-url.</summary>
/// <param name="RunId">Required.</param>
/// <param name="Path">Required; relative to the run's artifacts.</param>
/// <param name="Expiration">In seconds; 900 when absent.</param>
public sealed record PresignUploadRequest(string? RunId, string? Path, long? Expiration);
