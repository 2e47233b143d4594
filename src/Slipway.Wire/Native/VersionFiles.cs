namespace Slipway.Wire.Native;

/// <summary>Asks for the files of a model version (<c>GET models/{name}/versions/{version}/files</c>).</summary>
/// <param name="After">The last path of the page before.</param>
/// <param name="Limit">How many at most; 1,000 unless given, and no more.</param>
public sealed record ListVersionFilesRequest(string? After, long? Limit);

/// <summary>One page of what a model version consisted of when it was registered.</summary>
/// <param name="Artifacts">Where the files are among the server's artifacts; absent when they are elsewhere.</param>
/// <param name="Source">Where the files are, as a URI.</param>
/// <param name="Files">By path; none when the server did not hold them.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record VersionFilesResponse(string? Artifacts, string Source, IReadOnlyList<VersionFile> Files, string? Next);

/// <summary>One file of a model version.</summary>
/// <param name="Path">Below the version's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hex, small letters.</param>
public sealed record VersionFile(string Path, long Size, string Sha256);
