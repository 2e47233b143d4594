using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Lets a version serve again that did before, in place of the one that entered last; no gate is asked.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">Where to; null for the last one that was there and was not gone back from.</param>
/// <param name="Stage">In which stage; null for Production, or the pipeline's last.</param>
internal sealed record RollBack(string Name, long? Version, string? Stage) : ChangeRequest<RollbackPlan>
{
    public override string Action => "version.rollback";

    public override string Resource => Version is { } version ? $"models/{Name}/versions/{version}" : $"models/{Name}";

    public string Reason { get; init; } = "";

    /// <summary>The files of the version that it is expected to come to.</summary>
    public ObservedFiles? Observed { get; init; }

    public static RollBack Decode(string name, RollBackRequest wire) => new(name, string.IsNullOrEmpty(wire.Version) ? null : ModelName.Version(wire.Version), string.IsNullOrEmpty(wire.Stage) ? null : wire.Stage)
    {
        Reason = Text.Within(wire.Reason ?? "", RequestPromotion.TextLimit, "reason"),
    };

    public override async Task<RollbackPlan> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var plan = change.Find<RollbackPlan>() ?? throw new InvalidOperationException("No rule found out what to go back to.");
        change.Set(plan.Pass);
        var entered = await TransitionStage.EnterAsync(change, plan.To, archiveExisting: false, cancellationToken);
        change.About($"models/{Name}/versions/{plan.To.Version}");
        return plan with { To = entered };
    }
}
