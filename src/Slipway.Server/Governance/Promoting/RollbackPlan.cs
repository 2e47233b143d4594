using Slipway.Server.Registry;

namespace Slipway.Server.Governance.Promoting;

/// <summary>What a rollback was found to mean.</summary>
/// <param name="To">The version that serves again.</param>
/// <param name="From">The version that is gone back from; null when none is in the stage.</param>
/// <param name="Pass">Leave to enter, with those who leave.</param>
internal sealed record RollbackPlan(ModelVersionRow To, ModelVersionRow? From, StagePass Pass)
{
    /// <summary>The one in force; null when none is.</summary>
    public Pipeline? Pipeline { get; init; }
}
