namespace Slipway.Wire.Delivery;

/// <summary>GET models/{name}/deployments.</summary>
/// <param name="Limit">How many at most, 1 to 1,000; 50 unless told otherwise.</param>
public sealed record DeploymentsRequest(long? Limit);

/// <summary>What is served of a model, and how it came there.</summary>
/// <param name="Deployments">Those that are served now, then those that were, the newest first.</param>
/// <param name="Rollouts">The newest first.</param>
public sealed record DeploymentsResponse(IReadOnlyList<Deployment> Deployments, IReadOnlyList<Rollout> Rollouts);

/// <summary>A version that is or was served in an environment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Environment">Where.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version's number, as digits.</param>
/// <param name="Role"><c>stable</c>, <c>candidate</c> (a rollout brings traffic to it) or <c>previous</c> (kept warm for a rollback); of one that ended, its last.</param>
public sealed record Deployment(long Id, string Environment, string Model, string Version, string Role)
{
    /// <summary>The rollout that brought it.</summary>
    public long Rollout { get; init; }

    /// <summary>When it took this role, in milliseconds.</summary>
    public long Since { get; init; }

    /// <summary>When it ended, in milliseconds; absent while it is served.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Its share of the traffic now; absent when the gateway has not told.</summary>
    public double? Percent { get; init; }

    /// <summary>Requests since the gateway knows it; absent when the gateway has not told.</summary>
    public long? Requests { get; init; }

    /// <summary>Of these, the model's failures, time-outs and lost workers.</summary>
    public long? Failures { get; init; }

    /// <summary>The 95th percentile of the latency, in milliseconds.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>How many of its workers are well.</summary>
    public long? HealthyWorkers { get; init; }
}

/// <summary>How traffic came, or comes, to a version.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Environment">Where.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that comes, as digits.</param>
public sealed record Rollout(long Id, string Environment, string Model, string Version)
{
    /// <summary>The version that served before, as digits; absent when none did.</summary>
    public string? From { get; init; }

    /// <summary>The promotion that it belongs to; absent when there is none.</summary>
    public long? Promotion { get; init; }

    /// <summary><c>promotion</c>, <c>follow</c> (the stage changed by another way, and the environment follows it) or <c>trial</c> (a version of an earlier stage beside the stable one, for a time).</summary>
    public required string Kind { get; init; }

    /// <summary>The share of the traffic, of a trial.</summary>
    public double? Percent { get; init; }

    /// <summary>How long the version gets that share, of a trial.</summary>
    public double? Seconds { get; init; }

    /// <summary>How many requests it has to answer in that time, of a trial.</summary>
    public long? Samples { get; init; }

    /// <summary>What is compared, of a trial; empty for all that the judge knows.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>When the time of a trial is over, in milliseconds; absent until traffic comes to the version.</summary>
    public long? EndsAt { get; init; }

    /// <summary><c>under_way</c>, <c>completed</c>, <c>rolled_back</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>starting</c>, <c>verifying</c>, <c>shifting</c>, <c>passed</c>, <c>inconclusive</c> or <c>failed</c>: how far the gateway was when it was last asked.</summary>
    public required string Phase { get; init; }

    /// <summary>The step of a canary, counted from 0; -1 before the first.</summary>
    public long Step { get; init; }

    /// <summary>What decided, where it did not go well, such as <c>errors</c> or <c>latency</c>.</summary>
    public string? Signal { get; init; }

    /// <summary>Why it ended as it did, with the numbers.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked.</summary>
    public required string Requester { get; init; }

    /// <summary>In milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>In milliseconds; absent while it is under way.</summary>
    public long? EndedAt { get; init; }
}

/// <summary>GET rollouts/{id}/looks.</summary>
/// <param name="After">Those with a higher number than this; from the first unless told otherwise.</param>
public sealed record RolloutLooksRequest(long? After);

/// <summary>What the judge saw, look by look.</summary>
/// <param name="Looks">At most 1,000, in their order.</param>
public sealed record RolloutLooksResponse(IReadOnlyList<RolloutLook> Looks);

/// <summary>One look of the judge.</summary>
/// <param name="Number">In the order of looks.</param>
/// <param name="At">In milliseconds.</param>
/// <param name="Step">The step of the rollout, counted from 0.</param>
/// <param name="Percent">The candidate's share of the traffic.</param>
/// <param name="Verdict"><c>continue</c>, <c>pass</c>, <c>fail</c> or <c>inconclusive</c>.</param>
/// <param name="Seen">Samples, estimates and bounds of each signal.</param>
public sealed record RolloutLook(long Number, long At, long Step, double Percent, string Verdict, System.Text.Json.JsonElement Seen);
