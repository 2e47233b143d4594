using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>What one reading of a file that holds a table tells.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="ByteDigest">The SHA-256 of the file, in hex.</param>
/// <param name="Profile">Its values.</param>
internal sealed record TableFile(long Size, string ByteDigest, TableProfile Profile)
{
    /// <exception cref="Fault">The table can't be read; the message names line and column.</exception>
    public static async Task<TableFile> ReadAsync(Stream content, TableFormat format, CancellationToken cancellationToken)
    {
        await using var hashed = new HashedStream(content);
        await using var reader = await TableReader.OpenAsync(hashed, format, cancellationToken);
        var profile = await TableProfiler.ReadAsync(reader, cancellationToken);
        var digest = await hashed.FinishAsync(cancellationToken);
        return new TableFile(hashed.Count, digest, profile);
    }
}
