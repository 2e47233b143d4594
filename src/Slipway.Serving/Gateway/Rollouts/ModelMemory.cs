using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>What a gateway has to know of a model after it was started anew: a version that failed stays out, a step that was reached is kept.</summary>
internal sealed record ModelMemory
{
    public RolloutState? Rollout { get; init; }

    public ShiftState? Shift { get; init; }

    /// <summary>The stable deployment at the time of the shift.</summary>
    public string? ShiftedFrom { get; init; }
}
