namespace Slipway.Server.Artifacts;

/// <summary>A file or a folder in the store.</summary>
/// <param name="Path">Its name.</param>
/// <param name="IsFolder">A folder has no size of its own.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedAt">In ticks of 100 ns since 1970: it only tells whether the bytes are still the same.</param>
internal sealed record ArtifactEntry(ArtifactPath Path, bool IsFolder, long Size, long ModifiedAt)
{
    /// <summary>What its bytes hash to; null for a folder, and for a file of the old layout, which has to be hashed.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A file that is on disk, whole.</summary>
internal sealed record StoredFile(ArtifactPath Path, long Size, string Sha256);

/// <summary>An open file: the bytes that it had when it was opened, whatever is stored under its name meanwhile.</summary>
internal sealed record ArtifactContent(ArtifactPath Path, Stream Stream, long Size) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

/// <summary>Sorts as bytes sort, which is what command-line tools do; .NET's ordinal order differs beyond U+FFFF.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static readonly CodePointOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var (first, second) = (left[common], right[common]);
        return char.IsSurrogate(first) == char.IsSurrogate(second) ? first.CompareTo(second) : char.IsSurrogate(first) ? 1 : -1;
    }
}
