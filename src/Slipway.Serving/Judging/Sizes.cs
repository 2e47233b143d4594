namespace Slipway.Serving.Judging;

/// <summary>A size whose quantiles are compared: of which answers, at which levels, and what difference is tolerated.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Levels">The levels, such as 0.95.</param>
/// <param name="Tolerated">By the baseline's quantile.</param>
internal sealed record Sizes(Signal Signal, double[] Levels, Func<double, double> Tolerated)
{
    public Func<Outcome, double?> OfOutcome { get; private init; } = _ => null;

    public Func<Feedback, double?> OfFeedback { get; private init; } = _ => null;

    /// <summary>How long answers take. A failure may be quick; that it took long counts either way.</summary>
    public static Sizes Latencies(JudgeSettings settings) =>
        new(Signal.Latency, [0.5, 0.95, 0.99], milliseconds => Math.Max(settings.ToleratedMilliseconds, milliseconds * settings.ToleratedLatency))
        {
            OfOutcome = outcome => outcome.Milliseconds,
        };

    /// <summary>How far predicted numbers were off.</summary>
    public static Sizes Losses(JudgeSettings settings) =>
        new(Signal.Accuracy, [0.5, 0.9], loss => loss * settings.ToleratedLatency) { OfFeedback = feedback => feedback.IsNumber ? feedback.Loss : null };

    public static string NameOf(double level) => FormattableString.Invariant($"p{level * 100:0.#}");
}
