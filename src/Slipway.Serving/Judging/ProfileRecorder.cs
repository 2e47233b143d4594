namespace Slipway.Serving.Judging;

/// <summary>Counts what a version does, to be compared with later.</summary>
internal sealed class ProfileRecorder
{
    private readonly LogHistogram _latencies = new();
    private readonly PredictionBins _bins = new(edges: null);
    private readonly PredictionCounts _predictions = new();
    private long _failures;
    private long _violations;
    private long _feedback;
    private long _wrong;

    public long Samples => _latencies.Count;

    public void Add(in Outcome outcome)
    {
        _latencies.Add(LogHistogram.RangeOf(outcome.Milliseconds));
        _failures += outcome.Failed ? 1 : 0;
        _violations += outcome.BreaksSchema ? 1 : 0;
        if (!outcome.Failed && _bins.BinOf(outcome.Prediction) is >= 0 and var bin)
        {
            _predictions.Add(bin);
        }
    }

    public void Add(in Feedback feedback)
    {
        if (!feedback.IsNumber)
        {
            _feedback++;
            _wrong += feedback.Loss > 0 ? 1 : 0;
        }
    }

    public ServingProfile ToProfile() => new()
    {
        Samples = Samples,
        Failures = _failures,
        SchemaViolations = _violations,
        Latencies = _latencies.ToDictionary(),
        Predictions = _predictions.ToDictionary(),
        PredictionEdges = _bins.Edges,
        Feedback = _feedback,
        Wrong = _wrong,
    };
}
