using Slipway.Server.Datasets.Reading;

namespace Slipway.Server.Datasets;

/// <summary>A file of a version, or of a draft of one, without its profile.</summary>
/// <param name="Path">From the version's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hex.</param>
internal sealed record DatasetFileRow(string Path, long Size, string Sha256)
{
    /// <summary>Null when it is kept as bytes.</summary>
    public TableFormat? Format { get; init; }

    public string? TableDigest { get; init; }

    public long? Samples { get; init; }

    public long? Features { get; init; }
}
