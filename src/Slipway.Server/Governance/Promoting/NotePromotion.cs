using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Notes that what is known of an open promotion brought it into another state: evidence came, or approvals lapsed.</summary>
internal sealed record NotePromotion(PromotionRow Promotion) : ChangeRequest<PromotionRow>
{
    public override string Action => "promotion.check";

    public override string Resource => Promotion.Resource;

    public ObservedFiles? Observed { get; init; }

    public override async Task<PromotionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var now = await Promotions.GetAsync(change, Promotion.Id, cancellationToken);
        var standing = await Standing.OfAsync(change, now, (Observed, change.Info.At), cancellationToken);
        if (standing.State == now.State)
        {
            throw Fault.Conflict($"Promotion {now.Id} is {now.State} already.");
        }

        await PromotionTurn.TurnAsync(change, now, (standing.State, null), standing.Report, cancellationToken);
        change.Record(
            new PromotionAudit(now.Id, now.Stage, now.State).ToJson(),
            new PromotionAudit(now.Id, now.Stage, standing.State) { Digest = standing.Report?.Digest }.ToJson());
        return now with { State = standing.State, UpdatedAt = change.Info.At };
    }
}
