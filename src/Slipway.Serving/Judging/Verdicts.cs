using static System.FormattableString;

namespace Slipway.Serving.Judging;

/// <summary>Puts what was decided in words.</summary>
internal static class Verdicts
{
    public static SignalLook? FindFailed(IEnumerable<SignalLook> signals) => signals.FirstOrDefault(signal => signal.Verdict == Verdict.Fail);

    public static Look Fail(Arms samples, IReadOnlyList<SignalLook> signals, SignalLook failed) =>
        new(Verdict.Fail, samples.Baseline, samples.Candidate, signals) { Signal = failed.Signal, Reason = Describe(failed) };

    public static Look Inconclusive(Arms samples, IReadOnlyList<SignalLook> signals, SignalLook? doubtful, string late) =>
        new(Verdict.Inconclusive, samples.Baseline, samples.Candidate, signals)
        {
            Signal = doubtful?.Signal,
            Reason = doubtful is null ? $"inconclusive: {late}" : $"inconclusive: {Describe(doubtful)}",
        };

    private static string Describe(SignalLook look)
    {
        var name = look.Part is null or "limit" ? Name(look.Signal) : $"{Name(look.Signal)} {look.Part}";
        return look.Part == "limit"
            ? Invariant($"{name}: {Value(look, look.Candidate)} in {look.CandidateSamples} requests, the limit is {Value(look, look.Tolerated)}")
            : Invariant($"{name}: {Value(look, look.Candidate)} in {look.CandidateSamples} requests against {Value(look, look.Baseline)} in {look.BaselineSamples}; odds {Odds(look.Evidence)} to 1 against chance, {Odds(look.Bound)} needed");
    }

    private static string Name(Signal signal) => signal switch
    {
        Signal.Errors => "error rate",
        Signal.Latency => "latency",
        Signal.Predictions => "shift of predictions",
        Signal.Schema => "schema violations",
        Signal.Accuracy => "wrong predictions",
        _ => "lost workers",
    };

    private static string Value(SignalLook look, double value) => look.Signal switch
    {
        Signal.Latency => Invariant($"{value:0.##} ms"),
        Signal.Crashes => Invariant($"{value:0}"),
        Signal.Accuracy when look.Part is not null => Invariant($"{value:0.####}"),
        _ => Invariant($"{value * 100:0.##} %"),
    };

    private static string Odds(double logarithm) => logarithm > Math.Log(1e6) ? "over 1000000" : Invariant($"{Math.Exp(logarithm):0}");
}
