namespace Slipway.Serving.Judging;

/// <summary>What a version did over some requests, as counts: can be kept, and compared with what it does later.</summary>
internal sealed record ServingProfile
{
    public required long Samples { get; init; }

    public required long Failures { get; init; }

    public required long SchemaViolations { get; init; }

    /// <summary>How many latencies fell into each range that is not empty, by the range's number.</summary>
    public required IReadOnlyDictionary<int, long> Latencies { get; init; }

    /// <summary>How many predictions fell into each class or range, by its number.</summary>
    public required IReadOnlyDictionary<int, long> Predictions { get; init; }

    /// <summary>Where the ranges of numeric predictions end; null for classes.</summary>
    public IReadOnlyList<double>? PredictionEdges { get; init; }

    /// <summary>Predictions that feedback was given for.</summary>
    public long Feedback { get; init; }

    /// <summary>How many of these were wrong.</summary>
    public long Wrong { get; init; }
}
