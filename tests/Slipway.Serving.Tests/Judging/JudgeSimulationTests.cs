using Slipway.Serving.Judging;
using Xunit;

namespace Slipway.Serving.Tests.Judging;

/// <summary>What a judge promises over many rollouts, with a canary of 20 % and the budget of 0.5 %.</summary>
public sealed class JudgeSimulationTests
{
    private const double Share = 0.2;

    private static readonly Behaviour _good = new();

    [Fact]
    public void Equal_versions_are_hardly_ever_rolled_back()
    {
        var failures = Trials.Failures(Trials.Many, 20_000, seed => new Traffic(seed, Share, _good, _good));

        Assert.True(failures.Count < 0.01 * Trials.Many, string.Join('\n', failures.Select(look => look.Reason)));
    }

    [Fact]
    public void What_both_versions_suffer_is_held_against_none()
    {
        // Ten times as slow and as faulty in every third thousand: whoever compared with an hour ago would be misled.
        static double Weather(long request) => request / 1000 % 3 == 2 ? 10 : 1;

        var failures = Trials.Failures(Trials.Many / 2, 20_000, seed => new Traffic(seed, Share, _good, _good) { Weather = Weather });

        Assert.True(failures.Count <= 0.01 * Trials.Many / 2, string.Join('\n', failures.Select(look => look.Reason)));
    }

    [Theory]
    [InlineData("errors 1 % to 6 %", 500, Signal.Errors)]
    [InlineData("three times as slow", 1000, Signal.Latency)]
    [InlineData("5 % ten times as slow", 1000, Signal.Latency)]
    [InlineData("predictions", 1000, Signal.Predictions)]
    [InlineData("schema", 1000, Signal.Schema)]
    public void A_bad_version_is_found_in_time(string what, int candidateRequests, object signal)
    {
        const int Rollouts = 400;

        var found = Trials.Failures(Rollouts, (long)(candidateRequests / Share), seed => new Traffic(seed, Share, _good, Bad(what)));

        // The requests are so many in all that the candidate's may be a few more.
        var inTime = found.Where(look => look.CandidateSamples <= candidateRequests).ToList();
        Assert.True(inTime.Count >= 0.95 * Rollouts, $"{what}: {inTime.Count} of {Rollouts}");
        Assert.True(inTime.Count(look => look.Signal == (Signal)signal) > 0.9 * Rollouts);
    }

    [Fact]
    public void A_difference_too_small_to_matter_fails_hardly_anybody_in_a_huge_sample()
    {
        const int Rollouts = 40;
        var slightlyWorse = new Behaviour { Errors = 0.012, Slower = 1.05, FirstClass = 0.33 };

        var failures = Trials.Failures(Rollouts, 100_000, seed => new Traffic(seed, Share, _good, slightlyWorse));

        Assert.True(failures.Count <= 1, string.Join('\n', failures.Select(look => look.Reason)));
    }

    [Fact]
    public void A_better_version_is_not_failed_for_being_different()
    {
        var better = new Behaviour { Errors = 0.001, Slower = 0.3 };

        Assert.Empty(Trials.Failures(100, 10_000, seed => new Traffic(seed, Share, _good, better)));
    }

    [Fact]
    public void A_judge_allocates_nothing_for_a_request()
    {
        var judge = Judge.OfBoth(new JudgeSettings());
        var traffic = new Traffic(1, Share, _good, _good);
        Outcome[] outcomes = [.. Enumerable.Range(0, 20_000).Select(_ => traffic.Next())];
        judge.Add(outcomes[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var outcome in outcomes)
        {
            judge.Add(outcome);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static Behaviour Bad(string what) => what switch
    {
        "errors 1 % to 6 %" => new() { Errors = 0.06 },
        "three times as slow" => new() { Slower = 3 },
        "5 % ten times as slow" => new() { SlowShare = 0.05 },
        "predictions" => new() { FirstClass = 0.6 },
        "schema" => new() { Broken = 0.05 },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
