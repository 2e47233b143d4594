namespace Slipway.Wire.Auditing;

/// <summary>Which moment of a model to tell of.</summary>
public sealed record PastRequest
{
    /// <summary>The moment: ISO 8601, UTC unless it says otherwise, or milliseconds since 1970.</summary>
    public string? Time { get; init; }
}

/// <summary>What a model was at a moment.</summary>
/// <param name="Name">Its name then.</param>
/// <param name="Time">The moment, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Sequence">The last audit entry of that moment.</param>
/// <param name="Versions">Its versions then, by number.</param>
/// <param name="Aliases">Its aliases then, by name.</param>
public sealed record ModelPast(string Name, long Time, long Sequence, IReadOnlyList<VersionPast> Versions, IReadOnlyList<AliasPast> Aliases)
{
    /// <summary>The pipeline that was in force for it.</summary>
    public PipelinePast? Pipeline { get; init; }
}

/// <summary>A version at a moment, and how it came into its stage.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Stage">The stage that it was in.</param>
/// <param name="Since">When it entered it, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="By">Who let it in.</param>
/// <param name="Action">By what, such as <c>version.transition</c>.</param>
/// <param name="Sequence">The audit entry that tells of it.</param>
public sealed record VersionPast(string Version, string Stage, long Since, string By, string Action, long Sequence)
{
    /// <summary>The promotion that brought it there.</summary>
    public string? Promotion { get; init; }

    /// <summary>Who approved that.</summary>
    public IReadOnlyList<ApprovalPast>? Approvals { get; init; }
}

/// <summary>A person's yes to a promotion.</summary>
/// <param name="Approver">Who.</param>
/// <param name="Time">When, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Sequence">The audit entry that tells of it.</param>
/// <param name="Comment">What they said to it.</param>
public sealed record ApprovalPast(string Approver, long Time, long Sequence, string? Comment);

/// <summary>An alias at a moment.</summary>
/// <param name="Alias">Its name.</param>
/// <param name="Version">The version that it pointed to.</param>
public sealed record AliasPast(string Alias, string Version);

/// <summary>The pipeline that was in force.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version of it.</param>
public sealed record PipelinePast(string Name, long Version);

/// <summary>Nothing but what stands in the path.</summary>
public sealed record PathRequest;

/// <summary>Every stage that a version was in.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version's number.</param>
/// <param name="Stays">From the first on.</param>
public sealed record VersionHistory(string Name, string Version, IReadOnlyList<Stay> Stays);

/// <summary>The time that a version was in a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="From">When it entered it, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="By">Who let it in.</param>
/// <param name="Action">By what, such as <c>version.transition</c>.</param>
/// <param name="Sequence">The audit entry that tells of it.</param>
public sealed record Stay(string Stage, long From, string By, string Action, long Sequence)
{
    /// <summary>When it left; absent while it is there.</summary>
    public long? To { get; init; }

    /// <summary>Who took it out.</summary>
    public string? EndedBy { get; init; }

    /// <summary>By what, such as <c>version.delete</c>.</summary>
    public string? EndedAction { get; init; }

    /// <summary>The audit entry that tells of that.</summary>
    public long? EndedSequence { get; init; }

    /// <summary>The promotion that brought it there.</summary>
    public string? Promotion { get; init; }

    /// <summary>Who approved that.</summary>
    public IReadOnlyList<ApprovalPast>? Approvals { get; init; }

    /// <summary>The pipeline whose gates let it in.</summary>
    public PipelinePast? Pipeline { get; init; }

    /// <summary>What each gate asked for and measured.</summary>
    public IReadOnlyList<GatePast>? Gates { get; init; }

    /// <summary>Why it was let in past its gates or brought back.</summary>
    public string? Reason { get; init; }
}

/// <summary>A gate as it was when a version was let through.</summary>
/// <param name="Gate">Its name, such as <c>metric accuracy</c>.</param>
/// <param name="Met">Whether it let pass.</param>
/// <param name="Required">What it asked for.</param>
/// <param name="Measured">What it found.</param>
public sealed record GatePast(string Gate, bool Met, string Required, string Measured)
{
    /// <summary>Where the evidence was.</summary>
    public string? Evidence { get; init; }
}
