namespace Slipway.Client;

/// <summary>A file of a version that is to be added.</summary>
/// <param name="Path">Where it is in the version: relative, with <c>/</c> between its parts.</param>
/// <param name="Open">Opens it at its beginning; it is read to its end, and disposed.</param>
public sealed record DatasetUpload(string Path, Func<Stream> Open)
{
    /// <summary>How it is to be read: <c>csv</c>, <c>tsv</c>, <c>jsonl</c> or <c>bytes</c>; by its name unless given.</summary>
    public string? Format { get; init; }
}
