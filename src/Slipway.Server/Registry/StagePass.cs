namespace Slipway.Server.Registry;

/// <summary>Leave to enter a stage, left in the change by the rules that are asked before it. No version enters a stage without one.</summary>
/// <param name="Stage">In its own spelling.</param>
/// <param name="Leaving">The versions that leave the stage for this one; null where no rule says, and the client's wish counts.</param>
internal sealed record StagePass(string Stage, IReadOnlyList<ModelVersionRow>? Leaving);
