namespace Slipway.Server.Governance.Promoting;

/// <summary>Where a promotion is. Open ones wait for something; the others are over.</summary>
internal static class PromotionState
{
    /// <summary>Asked for, and not looked at yet.</summary>
    public const string Requested = "requested";

    /// <summary>A gate other than the approvals is unmet.</summary>
    public const string Checking = "checking";

    /// <summary>All that is missing is what people have to say.</summary>
    public const string AwaitingApproval = "awaiting_approval";

    /// <summary>Every gate is met, and it waits for somebody to move the version.</summary>
    public const string Approved = "approved";

    /// <summary>Every gate is met, and the environment that serves the stage brings the version in; the stage changes when it serves.</summary>
    public const string Deploying = "deploying";

    public const string Completed = "completed";
    public const string Rejected = "rejected";
    public const string Failed = "failed";
    public const string RolledBack = "rolled_back";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";

    /// <summary>What a listing calls all open ones.</summary>
    public const string AnyOpen = "open";

    public static readonly IReadOnlyList<string> Open = [Requested, Checking, AwaitingApproval, Approved, Deploying];

    public static readonly IReadOnlyList<string> All = [.. Open, Completed, Rejected, Failed, RolledBack, Cancelled, Expired];

    public static bool IsOpen(string state) => Open.Contains(state);
}
