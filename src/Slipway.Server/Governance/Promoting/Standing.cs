using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Where a promotion stands by what is known now.</summary>
/// <param name="Promotion">As it is kept.</param>
internal sealed record Standing(PromotionRow Promotion)
{
    /// <summary>The pipeline that decides; null when none does any more, or it has no such stage.</summary>
    public Pipeline? Pipeline { get; init; }

    public PipelineStage? Stage { get; init; }

    /// <summary>What the gates say; null for a promotion that is over.</summary>
    public CheckReport? Report { get; init; }

    public IReadOnlyList<ApprovalRow> Said { get; init; } = [];

    /// <summary>The state by what the gates say now.</summary>
    public string State => Report is null ? Promotion.State : StateOf(Promotion, Report);

    public bool IsOpen => PromotionState.IsOpen(Promotion.State);

    public bool IsLapsed(ApprovalRow said) => Report is not null && said.Verdict == Approvals.Approved && said.Digest != Report.Digest;

    /// <summary>The state of an open promotion whose gates say this now. What is being deployed goes on; the gates are asked again when it is to be completed.</summary>
    public static string StateOf(PromotionRow promotion, CheckReport report) => promotion.State == PromotionState.Deploying ? promotion.State : StateBy(report);

    private static string StateBy(CheckReport report) =>
        report.IsMet ? PromotionState.Approved
        : Blocking(report).Any() || report.Unmet.All(result => result.Gate != ApprovalsGate.Name) ? PromotionState.Checking
        : PromotionState.AwaitingApproval;

    /// <summary>What must be met before anybody can approve: all but approvals, time and freezes.</summary>
    public static IEnumerable<GateResult> Blocking(CheckReport report) =>
        report.Unmet.Where(result => result.Gate != ApprovalsGate.Name && result.MetAt is null && result.Gate != Gates.FreezeGate.Name);

    /// <summary>Looks at an open promotion by everything that is known in this session.</summary>
    public static async Task<Standing> OfAsync(Reader reader, PromotionRow promotion, (ObservedFiles? Files, long At) seen, CancellationToken cancellationToken)
    {
        var standing = new Standing(promotion) { Said = await Approvals.OfAsync(reader, promotion.Id, cancellationToken) };
        if (!standing.IsOpen
            || await Pipelines.FindForAsync(reader, promotion.ModelName, cancellationToken) is not { } pipeline
            || pipeline.FindStage(promotion.Stage) is not { } stage
            || await ModelVersions.FindAsync(reader, promotion.Version, cancellationToken) is not { } version)
        {
            return standing;
        }

        version = await ModelVersions.LoadAsync(reader, version, cancellationToken);
        var entry = new StageEntry(pipeline, stage, version, seen.At) { Observed = seen.Files, Promotion = promotion };
        return standing with { Pipeline = pipeline, Stage = stage, Report = await Gatekeeper.CheckAsync(reader, entry, cancellationToken) };
    }
}
