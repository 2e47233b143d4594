using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>A person's yes or no to a promotion, bound to the evidence that they said it to.</summary>
/// <param name="Promotion">As it was when the request came; the change looks again.</param>
/// <param name="IsYes">Whether it is approved.</param>
/// <param name="Comment">What they say to it; the reason of a no.</param>
internal sealed record ReviewPromotion(PromotionRow Promotion, bool IsYes, string Comment) : ChangeRequest<PromotionRow>
{
    public override string Action => IsYes ? "promotion.approve" : "promotion.reject";

    public override string Resource => Promotion.Resource;

    public ObservedFiles? Observed { get; init; }

    public static ReviewPromotion Decode(PromotionRow promotion, ReviewPromotionRequest wire)
    {
        var yes = Require.Text(wire.Verdict, "verdict") switch
        {
            Approvals.Approved => true,
            Approvals.Rejected => false,
            var other => throw Fault.Invalid($"Invalid value '{Text.Shorten(other)}' for parameter 'verdict': must be {Approvals.Approved} or {Approvals.Rejected}."),
        };
        var comment = Text.Within(wire.Comment ?? "", RequestPromotion.TextLimit, "comment");
        return yes || !string.IsNullOrWhiteSpace(comment)
            ? new ReviewPromotion(promotion, yes, comment)
            : throw Fault.Invalid("Missing value for required parameter 'comment': a rejection needs its reason.");
    }

    public override async Task<PromotionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var standing = change.Find<Standing>() ?? throw new InvalidOperationException("No rule looked at the promotion.");
        var (promotion, before) = (standing.Promotion, standing.Report!);
        await Approvals.AddAsync(change, new ApprovalRow(promotion.Id, change.Info.Sequence, ((Caller)change.Info.Actor).Principal.Id!.Value, change.Info.Actor.Name)
        {
            Verdict = IsYes ? Approvals.Approved : Approvals.Rejected,
            Comment = Comment,
            Digest = before.Digest,
            At = change.Info.At,
        }, cancellationToken);
        var archived = await ArchiveAsync(change, before.Entry.Version, cancellationToken);
        var report = IsYes ? await Gatekeeper.CheckAsync(change, before.Entry, cancellationToken) : before;
        var state = IsYes ? Standing.StateOf(promotion, report) : PromotionState.Rejected;
        await PromotionTurn.TurnAsync(change, promotion, (state, IsYes ? null : Comment), report, cancellationToken);
        change.Record(new PromotionAudit(promotion.Id, promotion.Stage, promotion.State).ToJson(), new PromotionAudit(promotion.Id, promotion.Stage, state)
        {
            Requester = promotion.RequesterName,
            Verdict = IsYes ? Approvals.Approved : Approvals.Rejected,
            Comment = Comment,
            Digest = before.Digest,
            Archived = archived ? true : null,
        }.ToJson());
        return promotion with { State = state, UpdatedAt = change.Info.At };
    }

    // The rule left a pass where the pipeline wants the rejected version out of the way.
    private static async Task<bool> ArchiveAsync(Change change, ModelVersionRow version, CancellationToken cancellationToken)
    {
        if (change.Find<StagePass>() is null)
        {
            return false;
        }

        await TransitionStage.EnterAsync(change, version, archiveExisting: false, cancellationToken);
        return true;
    }
}
