namespace Slipway.Wire.Datasets;

/// <summary>What one pass over a table told.</summary>
/// <param name="Path">The file.</param>
/// <param name="Samples">Its rows.</param>
/// <param name="TableDigest">Of its values, in hex.</param>
/// <param name="Columns">In the order that the digest takes them in.</param>
public sealed record DatasetStatistics(string Path, long Samples, string TableDigest, IReadOnlyList<ColumnStatistics> Columns);

/// <summary>What is known of a column; docs/datasets.md says how exact.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="Type">One of <c>boolean, integer, float, date, datetime, timestamp, text, json, empty</c>.</param>
/// <param name="Count">Cells with a value.</param>
/// <param name="Nulls">Cells without one.</param>
/// <param name="Distinct">About how many different values.</param>
public sealed record ColumnStatistics(string Name, string Type, long Count, long Nulls, long Distinct)
{
    /// <summary>The least value as text; absent where there is none.</summary>
    public string? Least { get; init; }

    /// <summary>The greatest value as text; absent where there is none.</summary>
    public string? Greatest { get; init; }

    /// <summary>Of finite numbers.</summary>
    public double? Mean { get; init; }

    /// <summary>Of finite numbers, with n - 1.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>How many numbers are NaN or infinite.</summary>
    public long? NotFinite { get; init; }

    /// <summary>Of finite numbers.</summary>
    public IReadOnlyList<ColumnQuantile>? Quantiles { get; init; }

    /// <summary>The most frequent values, the most frequent first; absent when none stands out.</summary>
    public IReadOnlyList<FrequentValue>? Top { get; init; }
}

/// <summary>A number that a share of all are less than or equal to.</summary>
/// <param name="Share">Between 0 and 1.</param>
/// <param name="Value">The number.</param>
public sealed record ColumnQuantile(double Share, double Value);

/// <summary>A frequent value.</summary>
/// <param name="Value">As text, cut where it is long.</param>
/// <param name="Count">At least as often as it appears.</param>
/// <param name="Error">By how much the count may be too large.</param>
public sealed record FrequentValue(string Value, long Count, long Error);
