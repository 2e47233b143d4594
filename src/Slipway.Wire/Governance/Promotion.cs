namespace Slipway.Wire.Governance;

/// <summary>The process that takes a version into a stage.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version's number, as digits.</param>
/// <param name="Stage">Where to.</param>
public sealed record Promotion(long Id, string Model, string Version, string Stage)
{
    /// <summary>
    /// By what is known now: <c>requested</c> (not looked at yet), <c>checking</c> (a gate is unmet), <c>awaiting_approval</c>
    /// (only approvals, and perhaps time, are missing), <c>approved</c> (all is met); or how it ended: <c>completed</c>,
    /// <c>rejected</c>, <c>failed</c>, <c>rolled_back</c>, <c>cancelled</c>, <c>expired</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Who asked.</summary>
    public required string Requester { get; init; }

    /// <summary>Why; empty when they said nothing.</summary>
    public required string Justification { get; init; }

    /// <summary>Whether it goes through by itself when everything is met.</summary>
    public bool Automatic { get; init; }

    /// <summary>In milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When its kept state last changed, in milliseconds.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>When it ends if it is still open, in milliseconds.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>Why it ended as it did; absent when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>What the gates say now; absent once it is over.</summary>
    public IReadOnlyList<GateCheck>? Gates { get; init; }

    /// <summary>What people said, in its order.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>What an approval given now would be bound to; absent once it is over.</summary>
    public string? Digest { get; init; }

    /// <summary>The versions that would leave the stage; absent once it is over.</summary>
    public IReadOnlyList<string>? Archives { get; init; }
}

/// <summary>What a person said to a promotion.</summary>
/// <param name="By">Who.</param>
/// <param name="Verdict"><c>approved</c> or <c>rejected</c>.</param>
/// <param name="Comment">What they wrote; empty when nothing.</param>
/// <param name="At">When, in milliseconds.</param>
public sealed record Approval(string By, string Verdict, string Comment, long At)
{
    /// <summary>Whether what it was given to is not there any more, so that it does not count.</summary>
    public bool Lapsed { get; init; }
}
