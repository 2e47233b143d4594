using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery;

/// <summary>Where a stage is served, as its file says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stage">The stage whose versions it serves.</param>
/// <param name="Models">The pattern of its models' names.</param>
internal sealed record ServingEnvironment(string Name, string Stage, string Models)
{
    public string? Description { get; init; }

    /// <summary>Where callers come in, such as <c>http://127.0.0.1:5002</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>Whether everybody may come in, also where people have to say who they are.</summary>
    public bool IsPublic { get; init; }

    /// <summary>How many processes serve each version.</summary>
    public int Workers { get; init; } = 1;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public int QueueLimit { get; init; } = 256;

    /// <summary>How long the version before is kept warm after a rollout.</summary>
    public TimeSpan Warm { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The header by whose value callers keep their version during a rollout; null spreads by request.</summary>
    public string? StickyHeader { get; init; }

    public bool RetryInFlight { get; init; } = true;

    /// <summary>The Python that loads models which need one; null leaves it to the worker.</summary>
    public string? Python { get; init; }

    public RolloutRules Rollout { get; init; } = new();

    /// <summary>What the live version is watched by after its rollout; empty does not.</summary>
    public IReadOnlyList<Signal> Watch { get; init; } = UsualWatch;

    /// <summary>Latency and predictions also change with the machine and with who asks, and going back would not help then.</summary>
    public static IReadOnlyList<Signal> UsualWatch { get; } = [Signal.Errors, Signal.Schema, Signal.Accuracy];
}

/// <summary>How versions are brought into an environment.</summary>
internal sealed record RolloutRules
{
    public RolloutStrategy Strategy { get; init; } = RolloutStrategy.AllAtOnce;

    public IReadOnlyList<RolloutStep> Steps { get; init; } = [];

    /// <summary>A candidate that is not ready after this has failed.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(2);

    public JudgeSettings Judge { get; init; } = new();
}
