namespace Slipway.Wire.Tracking;

/// <summary>A point of a metric.</summary>
public sealed record Metric
{
    /// <summary>Required; up to 250 characters.</summary>
    public string? Key { get; init; }

    /// <summary>Required; NaN is kept, infinities are clamped to the largest finite doubles.</summary>
    public double? Value { get; init; }

    /// <summary>Required; milliseconds since 1970, not negative.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Absent means 0; may be negative.</summary>
    public long? Step { get; init; }

    /// <summary>The dataset that it was measured on; only together with its digest.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The digest of that dataset.</summary>
    public string? DatasetDigest { get; init; }

    /// <summary>The logged model that it was measured for.</summary>
    public string? ModelId { get; init; }

    /// <summary>The run that logged it; only in answers that span runs.</summary>
    public string? RunId { get; init; }
}
