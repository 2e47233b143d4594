namespace Slipway.Server.Delivery;

/// <summary>A row of <c>deployments</c>: a version that is or was served in an environment.</summary>
internal sealed record DeploymentRow(long Id, string Environment, long Model, long Version)
{
    public string ModelName { get; init; } = "";

    /// <summary>The version's number.</summary>
    public long Number { get; init; }

    /// <summary>The rollout that brought it.</summary>
    public required long Rollout { get; init; }

    /// <summary>One of <see cref="DeploymentPlace"/>.</summary>
    public required string Role { get; init; }

    /// <summary>When it took this role.</summary>
    public required long Since { get; init; }

    public long? EndedAt { get; init; }
}

/// <summary>What a deployment is to its model.</summary>
internal static class DeploymentPlace
{
    public const string Stable = "stable";
    public const string Candidate = "candidate";

    /// <summary>It was stable before, and is kept warm.</summary>
    public const string Previous = "previous";
}
