using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Records;

/// <summary>What <c>GET /state</c> answers.</summary>
internal sealed record GatewayState
{
    /// <summary>Of the table in use; 0 before the first.</summary>
    public required long Epoch { get; init; }

    public string? Environment { get; init; }

    public required int Pid { get; init; }

    public required long StartedAt { get; init; }

    /// <summary>Where it listens in fact; null before the first table.</summary>
    public string? Address { get; init; }

    /// <summary>Why the last table can't be served as it wants to, such as an address in use; null when it can.</summary>
    public string? Problem { get; init; }

    public IReadOnlyList<ModelState> Models { get; init; } = [];

    /// <summary>The number of the last look that was written.</summary>
    public long LastLook { get; init; }
}

/// <summary>How a model is served right now.</summary>
internal sealed record ModelState
{
    public required string Name { get; init; }

    public RolloutState? Rollout { get; init; }

    /// <summary>The deployment that the traffic was moved to outside of a rollout's steps: by hand, or by the watch; holds until a table names another stable deployment or another rollout.</summary>
    public ShiftState? Shift { get; init; }

    public IReadOnlyList<DeploymentState> Deployments { get; init; } = [];

    /// <summary>What the stable deployment did when it was new, once enough was seen; may go into <see cref="DegradationWatch.Profile"/>.</summary>
    public ServingProfile? Profile { get; init; }
}

/// <summary>Where traffic went, and why.</summary>
/// <param name="Deployment">The id of the deployment that has it.</param>
/// <param name="By"><c>hand</c> or <c>watch</c>.</param>
/// <param name="At">When, in milliseconds.</param>
internal sealed record ShiftState(string Deployment, string By, long At)
{
    /// <summary>The signal and the numbers, of a watch.</summary>
    public string? Reason { get; init; }
}

/// <summary>How far a rollout is.</summary>
internal sealed record RolloutState
{
    public required string Id { get; init; }

    public required RolloutPhase Phase { get; init; }

    /// <summary>Counted from 0; -1 before the first.</summary>
    public int Step { get; init; } = -1;

    /// <summary>The candidate's share of the traffic now.</summary>
    public double Percent { get; init; }

    /// <summary>When it came into this phase and step, in milliseconds.</summary>
    public required long Since { get; init; }

    /// <summary>Why it failed or is inconclusive: the signal and its numbers, in a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>What the reason is about: a <see cref="Signal"/>, or <c>start</c>, <c>readiness</c>, <c>hand</c>, <c>workers</c>.</summary>
    public string? Signal { get; init; }

    /// <summary>What the judge last saw.</summary>
    public Verdict? Verdict { get; init; }

    public long BaselineSamples { get; init; }

    public long CandidateSamples { get; init; }
}

/// <summary>The phases of a rollout, in their order.</summary>
internal enum RolloutPhase
{
    /// <summary>The candidate's workers start.</summary>
    Starting,

    /// <summary>They answer the sample, and warm up.</summary>
    Verifying,

    /// <summary>Traffic moves.</summary>
    Shifting,

    /// <summary>The last step has passed; its share stays until the next table.</summary>
    Passed,

    /// <summary>The judge could not tell in time, and the plan says to hold: the share stays until the next table.</summary>
    Inconclusive,

    /// <summary>All traffic is the stable deployment's again.</summary>
    Failed,
}

/// <summary>A deployment's workers and what it did since the gateway knows it.</summary>
internal sealed record DeploymentState
{
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required DeploymentRole Role { get; init; }

    /// <summary>Its share of the traffic now.</summary>
    public double Percent { get; init; }

    public long Requests { get; init; }

    /// <summary>The model's failures, time-outs and lost workers.</summary>
    public long Failures { get; init; }

    /// <summary>Answers 4xx that were the caller's fault.</summary>
    public long Rejected { get; init; }

    /// <summary>Requests that found the queue full.</summary>
    public long Overflowed { get; init; }

    public long Retried { get; init; }

    public long TimedOut { get; init; }

    public long InFlight { get; init; }

    public long Waiting { get; init; }

    /// <summary>Of answered requests, in milliseconds; null before the first.</summary>
    public double? LatencyP50 { get; init; }

    public double? LatencyP95 { get; init; }

    public double? LatencyP99 { get; init; }

    public IReadOnlyList<WorkerState> Workers { get; init; } = [];
}

/// <summary>One worker as the gateway sees it.</summary>
internal sealed record WorkerState
{
    public required string Id { get; init; }

    public string? Address { get; init; }

    public required WorkerHealth Health { get; init; }

    public int? Pid { get; init; }

    /// <summary>How many times it was replaced.</summary>
    public int Restarts { get; init; }

    /// <summary>The end of what it or the one before it wrote, when it is not well.</summary>
    public string? LastOutput { get; init; }
}

/// <summary>Whether a worker is sent requests.</summary>
internal enum WorkerHealth
{
    Starting,
    Healthy,
    Unhealthy,
    Draining,
    Stopped,
}
