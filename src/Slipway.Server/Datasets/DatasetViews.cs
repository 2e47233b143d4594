using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Datasets as the native API shows them.</summary>
internal static class DatasetViews
{
    public static async Task<RegisteredDataset> ShowAsync(Reader reader, DatasetRow row, CancellationToken cancellationToken)
    {
        var versions = await DatasetVersions.ListAsync(reader, row.Id, cancellationToken);
        var aliases = await DatasetAliases.OfAsync(reader, row.Id, cancellationToken);
        return new RegisteredDataset(row.Name)
        {
            Description = row.Description,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Versions = versions.Count,
            Latest = DatasetVersions.Latest(versions)?.Version,
            Aliases = aliases.Count == 0 ? null : [.. versions.SelectMany(version => aliases[version.Id].Select(alias => new DatasetAlias(alias, version.Version)))],
        };
    }

    public static async Task<DatasetVersionsResponse> ListAsync(Reader reader, DatasetRow dataset, CancellationToken cancellationToken)
    {
        var tags = await DatasetTags.OfDatasetAsync(reader, dataset.Id, cancellationToken);
        var aliases = await DatasetAliases.OfAsync(reader, dataset.Id, cancellationToken);
        return new DatasetVersionsResponse([.. (await DatasetVersions.ListAsync(reader, dataset.Id, cancellationToken)).Select(row => ToWire(row, [.. tags[row.Id]], [.. aliases[row.Id]]))]);
    }

    /// <summary>One version with all that belongs to it.</summary>
    public static async Task<DatasetVersion> ShowAsync(Reader reader, DatasetVersionRow row, CancellationToken cancellationToken)
    {
        var tags = await DatasetTags.OfAsync(reader, row.Id, cancellationToken);
        var aliases = await DatasetAliases.OfAsync(reader, row.Dataset, cancellationToken);
        var profile = await DatasetFiles.ProfileAsync(reader, row.Id, cancellationToken);
        return ToWire(row, tags, [.. aliases[row.Id]]) with { Schema = profile?.Columns.Select(column => new DatasetColumn(column.Name, column.Type.Name())).ToList() };
    }

    public static DatasetFile ToWire(DatasetFileRow row) => new(row.Path, row.Size, row.Sha256)
    {
        Format = row.Format?.Name(),
        TableDigest = row.TableDigest,
        Samples = row.Samples,
        Features = row.Features,
    };

    public static ColumnStatistics ToWire(ColumnProfile column) => new(column.Name, column.Type.Name(), column.Count, column.Nulls, column.Distinct)
    {
        Least = column.Least,
        Greatest = column.Greatest,
        Mean = column.Numbers is { Quantiles.Count: > 0 } ? column.Numbers.Mean : null,
        StandardDeviation = column.Numbers is { Quantiles.Count: > 0 } ? column.Numbers.StandardDeviation : null,
        NotFinite = column.Numbers?.NotFinite,
        Quantiles = column.Numbers is { Quantiles.Count: > 0 } numbers ? [.. NumberStatistics.Shares.Zip(numbers.Quantiles, (share, value) => new ColumnQuantile(share, value))] : null,
        Top = column.Top.Count == 0 ? null : [.. column.Top.Select(value => new FrequentValue(value.Value, value.Count, value.Error))],
    };

    private static DatasetVersion ToWire(DatasetVersionRow row, IReadOnlyList<Pair> tags, IReadOnlyList<string> aliases) => new(row.Name, row.Version)
    {
        ByteDigest = row.ByteDigest,
        ShortHash = ByteDigest.Shorten(row.ByteDigest),
        TableDigest = row.TableDigest,
        Size = row.Size,
        Files = row.Files,
        Samples = row.Samples,
        Features = row.Features,
        Description = row.Description,
        Source = row.Source,
        Creator = row.Creator,
        CreatedAt = row.CreatedAt,
        Tags = Pair.ToWire(tags),
        Aliases = aliases.Count == 0 ? null : aliases,
        RecalledAt = row.RecalledAt,
        RecallReason = row.RecallReason,
        PurgedAt = row.PurgedAt,
        PurgeReason = row.PurgeReason,
    };
}
