using Slipway.Server.Registry;

namespace Slipway.Server.Governance.Guarding;

/// <summary>That a version of a governed model was let into a stage, and why: left in the change for what has to follow.</summary>
/// <param name="Entry">The version as it was, and the stage.</param>
/// <param name="Kind">One of the kinds of <see cref="Promoting.Decisions"/>.</param>
internal sealed record Admission(StageEntry Entry, string Kind)
{
    /// <summary>What the gates said; null where none was asked.</summary>
    public CheckReport? Report { get; init; }

    /// <summary>The promotion that is completed by it; null when there is none.</summary>
    public PromotionRow? Promotion { get; init; }

    /// <summary>What the person said for it.</summary>
    public string? Reason { get; init; }
}

/// <summary>That a version of a governed model leaves a stage for one without gates.</summary>
/// <param name="Version">As it was.</param>
/// <param name="Pipeline">The one in force.</param>
internal sealed record Departure(ModelVersionRow Version, Pipeline Pipeline);
