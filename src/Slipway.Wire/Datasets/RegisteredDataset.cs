namespace Slipway.Wire.Datasets;

/// <summary>A named set of data.</summary>
/// <param name="Name">Unique, and for good.</param>
public sealed record RegisteredDataset(string Name)
{
    /// <summary>Absent when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When a version was added or the description edited last; milliseconds since 1970, UTC.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>How many versions there are.</summary>
    public required long Versions { get; init; }

    /// <summary>The version of the highest precedence that is kept: a pre-release only when there is nothing else. Absent when there is none.</summary>
    public string? Latest { get; init; }

    /// <summary>Names that point to versions; absent when there are none.</summary>
    public IReadOnlyList<DatasetAlias>? Aliases { get; init; }
}

/// <summary>A name that points to a version of a dataset.</summary>
/// <param name="Alias">Begins with a letter.</param>
/// <param name="Version">Which.</param>
public sealed record DatasetAlias(string Alias, string Version);

/// <summary>An immutable version of a dataset.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">A semantic version.</param>
public sealed record DatasetVersion(string Name, string Version)
{
    /// <summary>Of the bytes, in hex: of one file its SHA-256, of several that of their list. See docs/datasets.md.</summary>
    public required string ByteDigest { get; init; }

    /// <summary>The first 16 hex digits of it.</summary>
    public required string ShortHash { get; init; }

    /// <summary>Of the values, in hex, whatever their formatting; absent unless exactly one file is a table.</summary>
    public string? TableDigest { get; init; }

    /// <summary>Of all files, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>How many files there are.</summary>
    public required long Files { get; init; }

    /// <summary>Rows of the table; absent unless exactly one file is one.</summary>
    public long? Samples { get; init; }

    /// <summary>Columns of the table; absent unless exactly one file is one.</summary>
    public long? Features { get; init; }

    /// <summary>Columns and their types; only where one version is asked for, and absent unless exactly one file is a table.</summary>
    public IReadOnlyList<DatasetColumn>? Schema { get; init; }

    /// <summary>Absent when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Where it came from, in the words of who added it.</summary>
    public string? Source { get; init; }

    /// <summary>Who added it.</summary>
    public required string Creator { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>What points to it; absent when nothing does.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Since when it is not to be used any more; milliseconds since 1970, UTC.</summary>
    public long? RecalledAt { get; init; }

    /// <summary>Why.</summary>
    public string? RecallReason { get; init; }

    /// <summary>When its content was erased; milliseconds since 1970, UTC.</summary>
    public long? PurgedAt { get; init; }

    /// <summary>Why.</summary>
    public string? PurgeReason { get; init; }
}

/// <summary>A column of a table.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="Type">One of <c>boolean, integer, float, date, datetime, timestamp, text, json, empty</c>.</param>
public sealed record DatasetColumn(string Name, string Type);

/// <summary>A file of a version.</summary>
/// <param name="Path">From the version's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hex.</param>
public sealed record DatasetFile(string Path, long Size, string Sha256)
{
    /// <summary>How it was read as a table: <c>csv</c>, <c>tsv</c> or <c>jsonl</c>; absent when it is kept as bytes.</summary>
    public string? Format { get; init; }

    /// <summary>Of its values; absent when it is no table.</summary>
    public string? TableDigest { get; init; }

    /// <summary>Its rows.</summary>
    public long? Samples { get; init; }

    /// <summary>Its columns.</summary>
    public long? Features { get; init; }
}
