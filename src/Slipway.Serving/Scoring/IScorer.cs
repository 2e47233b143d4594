namespace Slipway.Serving.Scoring;

/// <summary>A loaded model. It is asked by several callers at once, and closed once.</summary>
internal interface IScorer : IAsyncDisposable
{
    /// <summary>Whether the model can be asked now; health checks are answered by it.</summary>
    bool IsReady { get; }

    /// <summary>Predicts.</summary>
    /// <exception cref="ScoringFault">The input does not fit the model, or the model failed; anything else that is thrown is the model's failure too.</exception>
    ValueTask<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken cancellationToken);
}
