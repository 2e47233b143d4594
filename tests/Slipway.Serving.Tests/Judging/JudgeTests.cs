using Slipway.Serving.Judging;
using Xunit;

namespace Slipway.Serving.Tests.Judging;

/// <summary>What a judge says, one rollout at a time.</summary>
public sealed class JudgeTests
{
    private static readonly Behaviour _good = new();

    [Fact]
    public void A_step_passes_after_its_least_samples_and_time()
    {
        var judge = Judge.OfBoth(new JudgeSettings());
        judge.BeginStep(100, TimeSpan.FromSeconds(10));
        Feed(judge, new Traffic(1, 0.2, _good, _good), candidate: 100);

        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.FromSeconds(9)).Verdict);
        Assert.Equal(Verdict.Pass, judge.Look(TimeSpan.FromSeconds(10)).Verdict);

        judge.BeginStep(100, TimeSpan.Zero);
        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.FromSeconds(20)).Verdict);
    }

    [Fact]
    public void A_failure_names_the_signal_and_the_numbers()
    {
        var judge = Judge.OfBoth(new JudgeSettings());

        var look = Trials.Play(judge, new Traffic(3, 0.2, _good, new Behaviour { Errors = 0.5 }), 5000);

        Assert.Equal(Signal.Errors, look!.Signal);
        Assert.Matches(@"^error rate: [\d.]+ % in \d+ requests against [\d.]+ % in \d+; odds (\d+|over 1000000) to 1 against chance, \d+ needed$", look.Reason!);
        var signal = Assert.Single(look.Signals, signal => signal.Verdict == Verdict.Fail);
        Assert.True(signal.Evidence >= signal.Bound);
        Assert.True(signal.Candidate - signal.Baseline > signal.Tolerated);
    }

    [Fact]
    public void Nothing_is_failed_by_comparison_before_the_least_samples()
    {
        var judge = Judge.OfBoth(new JudgeSettings { LeastSamples = 200 });

        Feed(judge, new Traffic(3, 0.2, _good, new Behaviour { Errors = 1 }), candidate: 199);

        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.Zero).Verdict);
    }

    [Fact]
    public void A_step_without_enough_traffic_is_inconclusive_at_the_horizon()
    {
        var judge = Judge.OfBoth(new JudgeSettings { HorizonSeconds = 60 });
        judge.BeginStep(100, TimeSpan.Zero);
        Feed(judge, new Traffic(1, 0.2, _good, _good), candidate: 20);

        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.FromSeconds(59)).Verdict);
        var look = judge.Look(TimeSpan.FromSeconds(60));
        Assert.Equal(Verdict.Inconclusive, look.Verdict);
        Assert.Equal("inconclusive: only 20 of 100 answers came within 60 s", look.Reason);
    }

    [Fact]
    public void Doubt_makes_a_step_longer_and_ends_it_undecided()
    {
        // Alternating arms make it exact: so many failures that they are in doubt, too few to fail, and none after.
        var judge = Judge.OfBoth(new JudgeSettings { Signals = [Signal.Errors], ToleratedErrors = 0 });
        judge.BeginStep(100, TimeSpan.Zero);
        for (var i = 0; i < 99; i++)
        {
            judge.Add(new Outcome(true, 0.5, Failed: i < 7, 1));
            judge.Add(new Outcome(false, 0.5, Failed: false, 1));
        }

        judge.Add(new Outcome(true, 0.5, false, 1));
        var look = judge.Look(TimeSpan.Zero);
        Assert.Equal((Verdict.Continue, Signal.Errors), (look.Verdict, look.Signal));

        for (var i = 0; i < 400; i++)
        {
            judge.Add(new Outcome(true, 0.5, false, 1));
        }

        Assert.Equal(Verdict.Inconclusive, judge.Look(TimeSpan.Zero).Verdict);
    }

    [Fact]
    public void Hard_limits_need_no_comparison()
    {
        var slow = Judge.ByLimits(new JudgeSettings { Limits = new HardLimits { LatencyP99 = 100, AfterSamples = 10 } });
        var faulty = Judge.ByLimits(new JudgeSettings { Limits = new HardLimits { ErrorRate = 0.2, AfterSamples = 10 } });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Verdict.Continue, slow.Look(TimeSpan.Zero).Verdict);
            slow.Add(new Outcome(true, 1, false, 500));
            faulty.Add(new Outcome(true, 1, i < 3, 1));
        }

        Assert.Contains("the limit is 100 ms", slow.Look(TimeSpan.Zero).Reason, StringComparison.Ordinal);
        Assert.Equal("error rate: 30 % in 10 requests, the limit is 20 %", faulty.Look(TimeSpan.Zero).Reason);
    }

    [Fact]
    public void Lost_workers_are_counted()
    {
        var judge = Judge.ByLimits(new JudgeSettings { Limits = new HardLimits { Crashes = 1 } });

        judge.AddCrash();
        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.Zero).Verdict);
        judge.AddCrash();
        Assert.Equal(Signal.Crashes, judge.Look(TimeSpan.Zero).Signal);
    }

    [Fact]
    public void Late_feedback_finds_a_version_that_is_wrong_more_often()
    {
        var judge = Judge.OfBoth(new JudgeSettings());
        Feed(judge, new Traffic(1, 0.2, _good, _good), candidate: 200);
        Assert.Equal(Verdict.Continue, judge.Look(TimeSpan.Zero).Verdict);
        var late = new Traffic(1, 0.2, _good, new Behaviour { Wrong = 0.4 });
        for (var i = 0; i < 2000; i++)
        {
            judge.Add(late.Learn());
        }

        Assert.Equal(Signal.Accuracy, judge.Look(TimeSpan.Zero).Signal);
    }

    [Fact]
    public void Errors_of_numbers_are_compared_by_their_size()
    {
        var judge = Judge.OfBoth(new JudgeSettings());
        var random = new Random(1);
        Feed(judge, new Traffic(1, 0.2, _good, _good), candidate: 200);
        for (var i = 0; i < 5000; i++)
        {
            var candidate = random.NextDouble() < 0.2;
            judge.Add(new Feedback(candidate, 0.2, random.NextDouble() * (candidate ? 3 : 1), IsNumber: true));
        }

        Assert.Equal(Signal.Accuracy, judge.Look(TimeSpan.Zero).Signal);
    }

    [Fact]
    public void Numbers_that_move_are_a_shift_of_predictions()
    {
        var judge = Judge.OfBoth(new JudgeSettings());
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var candidate = random.NextDouble() < 0.2;
            judge.Add(new Outcome(candidate, 0.2, false, 1, Prediction.OfNumber(random.NextDouble() + (candidate ? 0.5 : 0))));
        }

        Assert.Equal(Signal.Predictions, judge.Look(TimeSpan.Zero).Signal);
    }

    private static void Feed(Judge judge, Traffic traffic, int candidate)
    {
        while (judge.CandidateSamples < candidate)
        {
            judge.Add(traffic.Next());
        }
    }
}
