using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Server.Delivery;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>The endpoints of promotions and of what people say to them.</summary>
internal sealed class PromotionRoutes(Spine spine)
{
    private readonly FileObserver _files = new(spine);
    private readonly Settlement _settlement = new(spine);

    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath("models/{name}/versions/{version}/promotions", "Asks that a version be let into a stage, and waits for what is missing."), Permission.Promote, (path, _) => Target.Model(path.First), (RouteValues path, RequestPromotionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RequestAsync(caller, RequestPromotion.Decode(path.First, path.Second, wire), cancellationToken));
        native.Get(new NativePath("promotions", "Lists promotions, each as it stands now."), Permission.Known, (_, _) => Target.Server, (RouteValues _, ListPromotionsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            new PromotionListing(spine, _settlement).ListAsync(caller, wire, cancellationToken));
        native.Get(new NativePath("promotions/{id}", "Shows a promotion: its gates, and what people said."), Permission.Read, (path, _) => Target.Promotion(IdIn(path)), async (RouteValues path, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            await ShowAsync(await spine.ReadAsync(caller, reader => Promotions.GetAsync(reader, IdIn(path), cancellationToken), cancellationToken), cancellationToken));
        native.Post(new NativePath("promotions/{id}/approvals", "Approves or rejects a promotion, by the evidence that there is now."), Permission.Approve, (path, _) => Target.Promotion(IdIn(path)), (RouteValues path, ReviewPromotionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            ReviewAsync(caller, IdIn(path), wire, cancellationToken));
        native.Post(new NativePath("promotions/{id}/cancel", "Takes a promotion back."), Permission.Promote, (path, _) => Target.Promotion(IdIn(path)), async (RouteValues path, ReasonRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var reason = Text.Within(wire.Reason ?? "", RequestPromotion.TextLimit, "reason");
            var cancelled = new EndPromotion(await FindAsync(caller, IdIn(path), cancellationToken), PromotionState.Cancelled, reason.Length == 0 ? null : reason);
            return await ShowAsync(await spine.MakeAsync(caller, cancelled, cancellationToken), cancellationToken);
        });
    }

    /// <summary>The id in a path; one that can't be is simply not found.</summary>
    internal static long IdIn(RouteValues path) => long.TryParse(path.First, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;

    private async Task<Promotion> RequestAsync(Caller caller, RequestPromotion request, CancellationToken cancellationToken)
    {
        request = request with { Observed = await _files.ObserveAsync(caller, request.Name, request.Version, cancellationToken) };
        var promotion = await spine.MakeAsync(caller, request, cancellationToken);
        if (!request.Hold && promotion is { Going: Going.Held, State: PromotionState.Approved })
        {
            // It waited for somebody to carry it through.
            await CarryThroughAsync(caller, promotion, request.Observed, cancellationToken);
        }
        else
        {
            await _settlement.SettleAsync(promotion, cancellationToken);
        }

        return await ShowAsync(promotion, cancellationToken);
    }

    private async Task CarryThroughAsync(Caller caller, PromotionRow promotion, ObservedFiles? observed, CancellationToken cancellationToken)
    {
        try
        {
            await spine.MakeAsync(caller, CompletePromotion.Of(promotion, observed), cancellationToken);
        }
        catch (ServedStageException)
        {
            await spine.MakeAsync(caller, new BeginRollout(promotion) { Observed = observed }, cancellationToken);
        }
    }

    private async Task<Promotion> ReviewAsync(Caller caller, long id, ReviewPromotionRequest wire, CancellationToken cancellationToken)
    {
        var review = ReviewPromotion.Decode(await FindAsync(caller, id, cancellationToken), wire);
        review = review with { Observed = await _files.ObserveAsync(review.Promotion.ModelName, review.Promotion.Number, cancellationToken) };
        var promotion = await spine.MakeAsync(caller, review, cancellationToken);
        await _settlement.SettleAsync(promotion, cancellationToken);
        return await ShowAsync(promotion, cancellationToken);
    }

    // Whoever may not even read the model is refused here, before any file is looked at; the change judges the caller again.
    private Task<PromotionRow> FindAsync(Caller caller, long id, CancellationToken cancellationToken) =>
        spine.ReadAsync(caller, reader => Promotions.GetAsync(reader, id, cancellationToken), cancellationToken);

    private async Task<Promotion> ShowAsync(PromotionRow promotion, CancellationToken cancellationToken) =>
        PromotionView.Of(await _settlement.LookAsync(promotion, cancellationToken));
}
