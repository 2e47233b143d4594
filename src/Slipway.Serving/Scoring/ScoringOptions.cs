namespace Slipway.Serving.Scoring;

/// <summary>The bounds of the scoring protocol's server.</summary>
/// <param name="RequestLimit">After this, a request is answered 504.</param>
/// <param name="BodyLimit">A longer body is refused.</param>
internal sealed record ScoringOptions(TimeSpan RequestLimit, long BodyLimit);
