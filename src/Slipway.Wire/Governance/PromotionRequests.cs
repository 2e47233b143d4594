namespace Slipway.Wire.Governance;

/// <summary>POST models/{name}/versions/{version}/promotions: asks that a version be let into a stage.</summary>
/// <param name="To">Required; a stage of the pipeline that applies to the model, in any letter case.</param>
/// <param name="Justification">Why, for those who approve; up to 5000 characters.</param>
/// <param name="Hold">True keeps it from going through by itself: somebody moves the version once everything is met.</param>
public sealed record RequestPromotionRequest(string? To, string? Justification, bool? Hold);

/// <summary>POST promotions/{id}/approvals: one person's yes or no.</summary>
/// <param name="Verdict">Required; <c>approved</c> or <c>rejected</c>.</param>
/// <param name="Comment">Up to 5000 characters; required for a rejection, whose reason it is.</param>
public sealed record ReviewPromotionRequest(string? Verdict, string? Comment);

/// <summary>A reason, where one is asked for: POST promotions/{id}/cancel (may be absent), models/{name}/versions/{version}/revoke (required).</summary>
/// <param name="Reason">Up to 5000 characters.</param>
public sealed record ReasonRequest(string? Reason);

/// <summary>GET promotions.</summary>
public sealed record ListPromotionsRequest
{
    /// <summary>One of the states of <see cref="Promotion.State"/>, or <c>open</c> for all that are not over; absent for all.</summary>
    public string? State { get; init; }

    /// <summary>The model's name; absent for all.</summary>
    public string? Model { get; init; }

    /// <summary>The version's number, as digits; only with <see cref="Model"/>.</summary>
    public string? Version { get; init; }

    /// <summary>Whether only those that the caller asked for are wanted.</summary>
    public bool? Mine { get; init; }

    /// <summary>Whether only those are wanted that wait for the approval of the caller.</summary>
    public bool? ForMe { get; init; }

    /// <summary>1 to 100; 50 when absent.</summary>
    public long? Limit { get; init; }

    /// <summary>From the page before, with the same query.</summary>
    public string? Cursor { get; init; }
}

/// <summary>A page of promotions, the last one first.</summary>
/// <param name="Promotions">May be fewer than the limit, also when others follow.</param>
/// <param name="Next">Absent on the last page.</param>
public sealed record PromotionsResponse(IReadOnlyList<Promotion> Promotions, string? Next);

/// <summary>POST models/{name}/rollback.</summary>
/// <param name="Version">Where to, as digits; absent for the last version that was in the stage and was not gone back from.</param>
/// <param name="Stage">Absent for Production, or the last stage of a pipeline that has none of that name.</param>
/// <param name="Reason">Up to 5000 characters.</param>
public sealed record RollBackRequest(string? Version, string? Stage, string? Reason);

/// <summary>POST models/{name}/versions/{version}/break-glass.</summary>
/// <param name="To">Required; a stage of the pipeline that applies.</param>
/// <param name="Reason">Required; up to 5000 characters.</param>
public sealed record BreakGlassRequest(string? To, string? Reason);

/// <summary>What moved.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that is in the stage now.</param>
/// <param name="Stage">The stage.</param>
public sealed record StageChange(string Model, string Version, string Stage)
{
    /// <summary>The version that was gone back from; absent when none was in the stage, or nothing was gone back from.</summary>
    public string? From { get; init; }

    /// <summary>The rollout of <see cref="From"/> that was ended before the stage had changed; absent for a rollback of the stage. <see cref="Version"/> goes on serving then, and is empty when none does.</summary>
    public long? Rollout { get; init; }
}

/// <summary>A version that must never enter a governed stage again.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Stage">Where it is; it stays there until it is rolled back or archived.</param>
/// <param name="Reason">Why.</param>
public sealed record Revocation(string Model, string Version, string Stage, string Reason);

/// <summary>POST freezes.</summary>
/// <param name="Models">Required; a model's name, or a pattern in which <c>*</c> stands for any run of characters.</param>
/// <param name="Stage">The stage that nothing enters; absent for all.</param>
/// <param name="Reason">Required; up to 5000 characters.</param>
/// <param name="Until">When it ends by itself, in milliseconds since 1970; absent for when it is lifted.</param>
public sealed record SetFreezeRequest(string? Models, string? Stage, string? Reason, long? Until);

/// <summary>GET freezes.</summary>
/// <param name="All">True for those that are over too.</param>
/// <param name="Limit">1 to 100; 50 when absent.</param>
/// <param name="Cursor">From the page before.</param>
public sealed record ListFreezesRequest(bool? All, long? Limit, string? Cursor);

/// <summary>A page of freezes, the last one first.</summary>
/// <param name="Freezes">Possibly none.</param>
/// <param name="Next">Absent on the last page.</param>
public sealed record FreezesResponse(IReadOnlyList<Freeze> Freezes, string? Next);

/// <summary>A time in which no version enters a governed stage; rollbacks go on.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Models">A model's name or a pattern.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who set it.</param>
/// <param name="At">Since when, in milliseconds.</param>
public sealed record Freeze(long Id, string Models, string Reason, string By, long At)
{
    /// <summary>The stage; absent for all.</summary>
    public string? Stage { get; init; }

    /// <summary>When it ends by itself, in milliseconds; absent when it waits to be lifted.</summary>
    public long? Until { get; init; }

    /// <summary>When it was lifted, in milliseconds; absent when it was not.</summary>
    public long? LiftedAt { get; init; }
}
