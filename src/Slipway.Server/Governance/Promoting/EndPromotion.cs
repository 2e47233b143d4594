using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Ends a promotion without effect: somebody cancels it, its time is over, or it can't go through any more.</summary>
/// <param name="Promotion">As it was when it was decided; the change looks again.</param>
/// <param name="State">Cancelled, expired or failed.</param>
/// <param name="Reason">Why.</param>
internal sealed record EndPromotion(PromotionRow Promotion, string State, string? Reason) : ChangeRequest<PromotionRow>
{
    public override string Action => State switch
    {
        PromotionState.Cancelled => "promotion.cancel",
        PromotionState.Expired => "promotion.expire",
        _ => "promotion.fail",
    };

    public override string Resource => Promotion.Resource;

    public override async Task<PromotionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var now = await Promotions.GetAsync(change, Promotion.Id, cancellationToken);
        if (!PromotionState.IsOpen(now.State))
        {
            throw Fault.Conflict($"Promotion {now.Id} is {now.State} already.");
        }

        await PromotionTurn.TurnAsync(change, now, (State, Reason), report: null, cancellationToken);
        change.Record(new PromotionAudit(now.Id, now.Stage, now.State).ToJson(), new PromotionAudit(now.Id, now.Stage, State) { Reason = Reason }.ToJson());
        return now with { State = State, Reason = Reason, UpdatedAt = change.Info.At };
    }
}
