namespace Slipway.Serving.Judging;

/// <summary>Makes the signals that a judge listens to, each with its part of the false alarms.</summary>
internal static class Listening
{
    /// <summary>Compares with a baseline that answers in the same minutes.</summary>
    public static ISignal[] ToBoth(JudgeSettings settings) => Make(settings, (signal, chance) => signal switch
    {
        Signal.Errors => [new RateSignal(Question.Failed, Bound(chance), settings.ToleratedErrors)],
        Signal.Latency => [new QuantileSignal(Sizes.Latencies(settings), Bound(chance))],
        Signal.Predictions => [new PredictionSignal(Bound(chance), settings.ToleratedShift)],
        Signal.Schema => [new RateSignal(Question.BreaksSchema, Bound(chance), settings.ToleratedSchema)],

        // Feedback is of classes or of numbers; each has half of the signal's part.
        Signal.Accuracy =>
        [
            new RateSignal(Question.Wrong, Bound(chance / 2), settings.ToleratedAccuracy),
            new QuantileSignal(Sizes.Losses(settings), Bound(chance / 2)),
        ],
        _ => [],
    });

    /// <summary>Compares with what was recorded before.</summary>
    public static ISignal[] Against(ServingProfile profile, JudgeSettings settings) => Make(settings, (signal, chance) => signal switch
    {
        Signal.Errors => [new ProfileRateSignal(Question.Failed, chance, settings.ToleratedErrors, (profile.Failures, profile.Samples))],
        Signal.Latency => [new ProfileQuantileSignal(Sizes.Latencies(settings), chance, LogHistogram.From(profile.Latencies))],
        Signal.Predictions => [new ProfilePredictionSignal(chance, settings.ToleratedShift, profile)],
        Signal.Schema => [new ProfileRateSignal(Question.BreaksSchema, chance, settings.ToleratedSchema, (profile.SchemaViolations, profile.Samples - profile.Failures))],
        Signal.Accuracy when profile.Feedback > 0 => [new ProfileRateSignal(Question.Wrong, chance, settings.ToleratedAccuracy, (profile.Wrong, profile.Feedback))],
        _ => [],
    });

    private static ISignal[] Make(JudgeSettings settings, Func<Signal, double, ISignal[]> make) =>
        [.. settings.Signals.Distinct().SelectMany(signal => make(signal, Budget.ShareOf(settings, signal)))];

    private static double Bound(double chance) => -Math.Log(chance);
}
