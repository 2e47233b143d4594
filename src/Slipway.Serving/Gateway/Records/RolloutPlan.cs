using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Records;

/// <summary>How traffic comes from the stable deployment to the candidate. The gateway carries it out by itself, also while the server is away.</summary>
internal sealed record RolloutPlan
{
    /// <summary>A rollout that the gateway knows goes on where it is; a new one starts from the beginning.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the deployment that traffic is brought to.</summary>
    public required string Candidate { get; init; }

    public required RolloutStrategy Strategy { get; init; }

    /// <summary>Of a canary or a trial; the last one of a canary need not be 100: all traffic comes with the table that makes the candidate stable.</summary>
    public IReadOnlyList<RolloutStep> Steps { get; init; } = [];

    /// <summary>What has to be answered before any caller's request is; null asks only for health.</summary>
    public ReadinessSample? Readiness { get; init; }

    /// <summary>How many times more the sample is sent to each worker before traffic is.</summary>
    public int WarmUpRequests { get; init; } = 100;

    /// <summary>Slow models are warmed up no longer than this.</summary>
    public double WarmUpSeconds { get; init; } = 5;

    /// <summary>A candidate that isn't ready after this has failed.</summary>
    public double StartSeconds { get; init; } = 120;

    /// <summary>What the candidate is judged by.</summary>
    public JudgeSettings Judge { get; init; } = new();
}

/// <summary>How a rollout moves traffic.</summary>
internal enum RolloutStrategy
{
    /// <summary>All traffic as soon as the candidate is ready; it has passed by that.</summary>
    AllAtOnce,

    /// <summary>All traffic as soon as the candidate is ready; the judge then compares it with what the stable one did just before.</summary>
    BlueGreen,

    /// <summary>A growing share, each step judged against the stable one in the same minutes.</summary>
    Canary,

    /// <summary>A fixed share for a time; at its end all traffic is the stable one's again.</summary>
    Trial,
}

/// <summary>A share of the traffic, and what ends the step.</summary>
internal sealed record RolloutStep
{
    /// <summary>More than 0, at most 100.</summary>
    public required double Percent { get; init; }

    /// <summary>How many requests the candidate has to answer in this step.</summary>
    public long LeastSamples { get; init; } = 200;

    /// <summary>How long the step lasts at least.</summary>
    public double LeastSeconds { get; init; }
}

/// <summary>A request and what its answer has to be.</summary>
internal sealed record ReadinessSample
{
    /// <summary>The body, sent to <c>/invocations</c>.</summary>
    public required string Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The JSON that the answer has to equal, numbers within <see cref="Tolerance"/>; null wants no more than status 200.</summary>
    public string? Expected { get; init; }

    /// <summary>Whether nobody logged it with the model: it warms up, and says nothing about whether the model is right.</summary>
    public bool IsMadeUp { get; init; }

    /// <summary>Absolute, and relative to the expected number.</summary>
    public double Tolerance { get; init; } = 1e-5;
}

/// <summary>Watches a live version after its rollout: against the profile of what it did when it was new, or of another version.</summary>
internal sealed record DegradationWatch
{
    public JudgeSettings Judge { get; init; } = new();

    /// <summary>What it is compared with; null records one from its first requests.</summary>
    public ServingProfile? Profile { get; init; }

    /// <summary>After so many requests the watch starts anew, with a fresh budget of false alarms.</summary>
    public long Window { get; init; } = 100_000;

    /// <summary>Whether traffic goes to the previous deployment, where one is warm, or the watch only reports.</summary>
    public bool ShiftBack { get; init; } = true;
}
