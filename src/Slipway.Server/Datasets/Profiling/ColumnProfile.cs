using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>What one pass learns about a column.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="Type">The first type that fits every cell.</param>
/// <param name="CellsDigest">The SHA-256 of its canonical cells, a part of the table's digest.</param>
internal sealed record ColumnProfile(string Name, ColumnType Type, byte[] CellsDigest)
{
    /// <summary>Cells with a value.</summary>
    public long Count { get; init; }

    public long Nulls { get; init; }

    /// <summary>How many different values there are; an estimate, see <see cref="DistinctSketch"/>.</summary>
    public long Distinct { get; init; }

    /// <summary>As text; null where there is no value, or none that has an order.</summary>
    public string? Least { get; init; }

    public string? Greatest { get; init; }

    /// <summary>The most frequent values, see <see cref="TopValues"/>.</summary>
    public IReadOnlyList<TopValue> Top { get; init; } = [];

    /// <summary>Of a column of numbers that has any.</summary>
    public NumberStatistics? Numbers { get; init; }

    /// <summary>The distribution of numbers, or of times as seconds since 1970; null for other types.</summary>
    public QuantileSketch? Sketch { get; init; }
}

/// <summary>Statistics of the finite numbers of a column.</summary>
/// <param name="NotFinite">How many values are NaN or infinite; they are left out of all else.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="StandardDeviation">Of a sample, with n - 1.</param>
/// <param name="Quantiles">At the shares of <see cref="Shares"/>.</param>
internal sealed record NumberStatistics(long NotFinite, double Mean, double StandardDeviation, IReadOnlyList<double> Quantiles)
{
    public static readonly IReadOnlyList<double> Shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
}

/// <summary>What one pass learns about a table.</summary>
/// <param name="Rows">The number of samples.</param>
/// <param name="Columns">In the order that the digest takes them in; their number is that of the features.</param>
/// <param name="Digest">The table digest, in hex.</param>
internal sealed record TableProfile(long Rows, IReadOnlyList<ColumnProfile> Columns, string Digest);
