using Slipway.Serving.Judging;

namespace Slipway.Serving.Tests.Judging;

/// <summary>Plays many rollouts and tells how they ended.</summary>
internal static class Trials
{
    /// <summary>The judge is looked at after so many requests.</summary>
    public const int Batch = 25;

    /// <summary>The looks that ended the rollouts by a failure, of so many that were played.</summary>
    public static List<Look> Failures(int rollouts, long requests, Func<int, Traffic> traffic, Func<Judge>? judge = null)
    {
        var failures = new List<Look>();
        Parallel.For(0, rollouts, seed =>
        {
            if (Play((judge ?? (() => Judge.OfBoth(new JudgeSettings())))(), traffic(seed), requests) is { } look)
            {
                lock (failures)
                {
                    failures.Add(look);
                }
            }
        });
        return failures;
    }

    public static Look? Play(Judge judge, Traffic traffic, long requests)
    {
        while (traffic.Sent < requests)
        {
            judge.Add(traffic.Next());
            if (traffic.Sent % Batch == 0 && judge.Look(TimeSpan.Zero) is { Verdict: Verdict.Fail } look)
            {
                return look;
            }
        }

        return null;
    }

    /// <summary>2,000 where long tests are wanted, else fewer.</summary>
    public static int Many => Environment.GetEnvironmentVariable("SLIPWAY_TEST_LARGE") is null ? 300 : 2000;
}
