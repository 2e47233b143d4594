using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Brings a version into a stage past its gates, for a reason. It stands out wherever it is told of.</summary>
internal sealed record BreakGlass(string Name, long Version, string Stage, string Reason) : ChangeRequest<ModelVersionRow>, IStageChange
{
    public override string Action => "version.break-glass";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public ObservedFiles? Observed { get; init; }

    public static BreakGlass Decode(string name, string version, BreakGlassRequest wire) =>
        new(name, ModelName.Version(version), Require.Text(wire.To, "to"), Text.Within(Require.Text(wire.Reason?.Trim(), "reason"), RequestPromotion.TextLimit, "reason"));

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken) =>
        await TransitionStage.EnterAsync(change, await ModelVersions.GetAsync(change, Name, Version, cancellationToken), archiveExisting: false, cancellationToken);
}
