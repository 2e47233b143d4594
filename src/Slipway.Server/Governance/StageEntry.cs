using Slipway.Server.Identity;
using Slipway.Server.Registry;

namespace Slipway.Server.Governance;

/// <summary>A version in front of a stage, and all that a gate may want to know.</summary>
/// <param name="Pipeline">The one in force.</param>
/// <param name="Stage">Where to.</param>
/// <param name="Version">With its tags.</param>
/// <param name="At">The time of the decision, in milliseconds.</param>
internal sealed record StageEntry(Pipeline Pipeline, PipelineStage Stage, ModelVersionRow Version, long At)
{
    /// <summary>Who asks; null when a check is made for nobody.</summary>
    public Principal? Requester { get; init; }

    /// <summary>What the version's files were found to be; null when nobody looked.</summary>
    public ObservedFiles? Observed { get; init; }

    /// <summary>What its run and its tests tell; the gatekeeper looks it up before it asks the gates.</summary>
    public Evidence Evidence { get; init; } = Evidence.None;

    /// <summary>The promotion under way, whose approvals count; null when there is none.</summary>
    public PromotionRow? Promotion { get; init; }
}
