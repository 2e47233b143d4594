using Slipway.Server.Delivery.Testing;
using Slipway.Server.Governance;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery.Trials;

/// <summary>What a trial came to.</summary>
/// <param name="End">How it ended as a rollout.</param>
/// <param name="Test">The result of <c>a_b_test</c>; null when nothing was found out.</param>
internal sealed record TrialFinding(RolloutEnd End, TestFinding? Test)
{
    private const string Accuracy = "accuracy";

    /// <summary>Nothing was found out.</summary>
    public static TrialFinding Cancelled(string? signal, string? reason) => new(new RolloutEnd(RolloutOutcome.Cancelled, signal, reason), null);

    /// <summary>The files of the version can't be laid out.</summary>
    public static TrialFinding Unserved(RolloutRow trial, string why) =>
        new(new RolloutEnd(RolloutOutcome.Failed, "files", why), TestFinding.Of(false, (TrialTest.Trial, (double)trial.Id), ("reason", why)) with { Outcome = TestOutcome.Error });

    /// <summary>What the gateway says; null while it goes on.</summary>
    /// <param name="trial">The rollout.</param>
    /// <param name="now">How far the gateway is.</param>
    /// <param name="last">The judge's last look; null when there was none.</param>
    public static TrialFinding? Of(RolloutRow trial, RolloutState now, Look? last) => now switch
    {
        { Phase: RolloutPhase.Failed, Signal: "hand" } => Cancelled(now.Signal, now.Reason),
        { Phase: RolloutPhase.Failed, Signal: "start" or "readiness" } => Fail(trial, last, new RolloutEnd(RolloutOutcome.Failed, now.Signal, now.Reason)),
        { Phase: RolloutPhase.Failed } => Fail(trial, last, new RolloutEnd(RolloutOutcome.RolledBack, now.Signal, now.Reason)),
        { Phase: RolloutPhase.Passed } when LacksFeedback(trial, last) => Fail(trial, last, new RolloutEnd(
            RolloutOutcome.RolledBack, Accuracy, "inconclusive: the trial is about accuracy, and no feedback on the version's answers came in its time")),
        { Phase: RolloutPhase.Passed } => new TrialFinding(new RolloutEnd(RolloutOutcome.Completed, null, null), TestFinding.Of(true, Measure(trial, last, "pass"))),
        _ => null,
    };

    private static bool LacksFeedback(RolloutRow trial, Look? last) => trial.Trial!.Metrics.Contains(Accuracy)
        && last?.Signals.Any(signal => signal.Signal == Signal.Accuracy && signal.CandidateSamples > 0) != true;

    private static TrialFinding Fail(RolloutRow trial, Look? last, RolloutEnd end)
    {
        var verdict = end.Reason?.StartsWith("inconclusive", StringComparison.Ordinal) == true ? "inconclusive" : "fail";
        return new TrialFinding(end, TestFinding.Of(false, [.. Measure(trial, last, verdict), ("signal", end.Signal ?? ""), ("reason", end.Reason ?? "")]));
    }

    private static (string Name, object Value)[] Measure(RolloutRow trial, Look? last, string verdict) =>
    [
        (TrialTest.Trial, (double)trial.Id),
        ("environment", trial.Environment),
        ("baseline_version", (double)trial.FromNumber!.Value),
        ("percent", trial.Trial!.Percent),
        ("seconds", trial.Trial.Seconds),
        ("verdict", verdict),
        ("baseline_samples", (double)(last?.BaselineSamples ?? 0)),
        ("candidate_samples", (double)(last?.CandidateSamples ?? 0)),
        .. (last?.Signals ?? []).Where(signal => signal.CandidateSamples > 0 || signal.Signal == Signal.Crashes).DistinctBy(Name).SelectMany(Estimates),
    ];

    private static IEnumerable<(string Name, object Value)> Estimates(SignalLook look) =>
        [(Name(look) + "_baseline", look.Baseline), (Name(look) + "_candidate", look.Candidate), (Name(look) + "_tolerated", look.Tolerated)];

    private static string Name(SignalLook look) => $"{look.Signal}{(look.Part is null ? "" : $"_{look.Part}")}".ToLowerInvariant();
}
