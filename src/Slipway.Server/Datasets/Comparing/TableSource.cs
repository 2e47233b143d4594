using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>A table that can be read more than once.</summary>
/// <param name="Open">Opens the file at its beginning.</param>
/// <param name="Format">How it is written.</param>
internal sealed record TableSource(Func<CancellationToken, Task<Stream>> Open, TableFormat Format)
{
    /// <summary>What is known of it from an earlier reading; null to read it for that.</summary>
    public TableProfile? Profile { get; init; }

    public async Task<TableProfile> ProfileAsync(CancellationToken cancellationToken)
    {
        if (Profile is not null)
        {
            return Profile;
        }

        await using var content = await Open(cancellationToken);
        await using var reader = await TableReader.OpenAsync(content, Format, cancellationToken);
        return await TableProfiler.ReadAsync(reader, cancellationToken);
    }
}
