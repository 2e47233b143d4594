using Slipway.Server.Delivery.Trials;
using Slipway.Server.Governance;

namespace Slipway.Server.Delivery;

/// <summary>A row of <c>rollouts</c>, with the names of its model and versions.</summary>
internal sealed record RolloutRow(long Id, string Environment, long Model, long Version)
{
    public string ModelName { get; init; } = "";

    /// <summary>The number of the version that comes.</summary>
    public long Number { get; init; }

    /// <summary>The version that served before; null when none did.</summary>
    public long? From { get; init; }

    /// <summary>Its number.</summary>
    public long? FromNumber { get; init; }

    /// <summary>The promotion that it belongs to; null when it follows a stage that changed already.</summary>
    public long? Promotion { get; init; }

    public required string Kind { get; init; }

    /// <summary>What it is about, of a trial only.</summary>
    public TrialTerms? Trial { get; init; }

    public required string State { get; init; }

    /// <summary>How far the gateway was when it was last asked.</summary>
    public required string Phase { get; init; }

    /// <summary>Counted from 0; -1 before the first.</summary>
    public long Step { get; init; } = -1;

    /// <summary>What decided, where it did not go well.</summary>
    public string? Signal { get; init; }

    public string? Reason { get; init; }

    public required string Requester { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public long? EndedAt { get; init; }

    public string Resource => $"models/{ModelName}/versions/{Number}";
}

/// <summary>Why there is a rollout.</summary>
internal static class RolloutKind
{
    /// <summary>A promotion brings a version into the stage; the stage changes at its end.</summary>
    public const string Promotion = "promotion";

    /// <summary>The stage changed by another way, such as a rollback, and the environment follows it.</summary>
    public const string Follow = "follow";

    /// <summary>A version of an earlier stage is served beside the stable one for a time; it never becomes the stable one by that.</summary>
    public const string Trial = "trial";
}

/// <summary>What a rollout comes from.</summary>
/// <param name="Kind">One of <see cref="RolloutKind"/>.</param>
internal sealed record RolloutCause(string Kind)
{
    /// <summary>Of a promotion.</summary>
    public PromotionRow? Promotion { get; init; }

    /// <summary>Of a trial.</summary>
    public TrialTerms? Trial { get; init; }
}

/// <summary>How a rollout stands.</summary>
internal static class RolloutOutcome
{
    public const string UnderWay = "under_way";
    public const string Completed = "completed";

    /// <summary>The judge, a gate or a person sent the traffic back.</summary>
    public const string RolledBack = "rolled_back";

    /// <summary>The version did not start, or did not answer as it should: it never had traffic.</summary>
    public const string Failed = "failed";

    /// <summary>What it was for is over.</summary>
    public const string Cancelled = "cancelled";

    public static readonly IReadOnlyList<string> All = [UnderWay, Completed, RolledBack, Failed, Cancelled];
}
