using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>A row of <c>dataset_versions</c>, with its dataset's name.</summary>
internal sealed record DatasetVersionRow(long Id, long Dataset, string Name, string Version)
{
    public required string ByteDigest { get; init; }

    /// <summary>Null unless exactly one of the files is a table.</summary>
    public string? TableDigest { get; init; }

    /// <summary>Of all files, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>How many there are.</summary>
    public required long Files { get; init; }

    /// <summary>Rows of the table; null unless exactly one of the files is one.</summary>
    public long? Samples { get; init; }

    /// <summary>Columns of the table; null unless exactly one of the files is one.</summary>
    public long? Features { get; init; }

    public string? Description { get; init; }

    public string? Source { get; init; }

    public required string Creator { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Counts the edits of the description.</summary>
    public long Revision { get; init; } = 1;

    public long? RecalledAt { get; init; }

    public string? RecallReason { get; init; }

    public long? PurgedAt { get; init; }

    public string? PurgeReason { get; init; }

    /// <summary>As people write it.</summary>
    public string Reference => $"{Name}@{Version}";

    /// <summary>What the audit log calls it.</summary>
    public string Resource => ResourceOf(Name, Version);

    public static string ResourceOf(string name, string version) => $"datasets/{name}@{version}";

    /// <summary>The same version, if its content is still there.</summary>
    /// <exception cref="Fault">It was purged.</exception>
    public DatasetVersionRow Kept() => PurgedAt is null
        ? this
        : throw Fault.Gone($"The content of {Reference} was purged ({Text.Shorten(PurgeReason ?? "")}); its digests and its lineage are still known.");
}
