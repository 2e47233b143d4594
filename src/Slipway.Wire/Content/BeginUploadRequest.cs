namespace Slipway.Wire.Content;

/// <summary>Begins to upload an artifact of which only what is missing is sent, or finds the same upload again (<c>POST uploads</c>).</summary>
/// <param name="Path">Required; what the artifact is to be called, below the server's artifact root.</param>
/// <param name="Sha256">Required; what all of its bytes hash to, in hex. The server checks it in the end.</param>
/// <param name="Size">Required; how many bytes there are.</param>
/// <param name="BasePath">An artifact that the caller may read, and whose chunks need not be sent.</param>
public sealed record BeginUploadRequest(string? Path, string? Sha256, long? Size, string? BasePath);

/// <summary>An upload under way. Only who began it can go on with it.</summary>
/// <param name="Id">Names it in the paths of its other endpoints.</param>
/// <param name="Position">So many bytes are on disk; what is sent next begins there.</param>
/// <param name="Size">How many there will be.</param>
public sealed record UploadResponse(string Id, long Position, long Size)
{
    /// <summary>What the base hashed to when the upload began; absent when there is none.</summary>
    public string? BaseSha256 { get; init; }

    /// <summary>Nothing is to be sent or completed any more: the file is there. Absent where that is not so.</summary>
    public bool? IsDone { get; init; }
}

/// <summary>Content that is stored (<c>POST uploads/{id}/complete</c>).</summary>
/// <param name="Sha256">What its bytes hash to, in hex.</param>
/// <param name="Size">How many there are.</param>
public sealed record UploadedResponse(string Sha256, long Size);
