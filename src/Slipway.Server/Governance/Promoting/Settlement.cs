using Slipway.Server.Delivery;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Carries one open promotion as far as it goes by itself: through, to its end, or into the state that it is in by now.</summary>
/// <remarks>Several processes may do so at once: what one of them did, the others find done.</remarks>
internal sealed class Settlement(Spine spine)
{
    /// <summary>Who does what nobody asked for just now.</summary>
    public static readonly Actor Server = new("slipway", "none", null);

    private readonly FileObserver _files = new(spine);
    private readonly PromotionRights _rights = new(spine.Rights);

    /// <summary>Looks at a promotion, and at its version's files if it is open.</summary>
    public async Task<Standing> LookAsync(PromotionRow promotion, CancellationToken cancellationToken)
    {
        var files = PromotionState.IsOpen(promotion.State) ? await _files.ObserveAsync(promotion.ModelName, promotion.Number, cancellationToken) : null;
        return await spine.Database.ReadAsync(async reader =>
        {
            var now = await Promotions.GetAsync(reader, promotion.Id, cancellationToken);
            return await Standing.OfAsync(reader, now, (files, spine.Now), cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Does what there is to be done.</summary>
    public async Task SettleAsync(PromotionRow promotion, CancellationToken cancellationToken)
    {
        var standing = await LookAsync(promotion, cancellationToken);
        if (!standing.IsOpen)
        {
            return;
        }

        try
        {
            await CarryOnAsync(standing, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict or FaultKind.NotFound or FaultKind.Denied)
        {
            // Somebody else was faster, or something changed since the look; the next look sees it.
        }
    }

    private async Task CarryOnAsync(Standing standing, CancellationToken cancellationToken)
    {
        var promotion = standing.Promotion;
        if (spine.Now >= promotion.ExpiresAt)
        {
            await EndAsync(promotion, PromotionState.Expired, "Its time is over.", cancellationToken);
        }
        else if (standing.Report is null)
        {
            await EndAsync(promotion, PromotionState.Failed, $"No pipeline decides about {promotion.Stage} of '{promotion.ModelName}' any more.", cancellationToken);
        }
        else if (standing.Report.Entry.Version.Stage == promotion.Stage)
        {
            await EndAsync(promotion, PromotionState.Cancelled, "The version is in the stage already.", cancellationToken);
        }
        else if (promotion.State == PromotionState.Deploying)
        {
            // Whoever looks after the environment carries it on.
        }
        else if (standing.Report.IsMet && promotion.Going != Going.Held)
        {
            await CompleteAsync(standing, cancellationToken);
        }
        else
        {
            await NoteAsync(standing, cancellationToken);
        }
    }

    private async Task NoteAsync(Standing standing, CancellationToken cancellationToken)
    {
        var promotion = standing.Promotion;
        spine.PromotionTests.Begin(standing);
        if (standing.State != promotion.State)
        {
            await spine.Changes.MakeAsync(Server, new NotePromotion(promotion) { Observed = standing.Report!.Entry.Observed }, cancellationToken);
        }
    }

    /// <summary>Completes a promotion whose version serves: the gates are asked once more.</summary>
    /// <exception cref="RefusedException">A gate is unmet by now, or the requester may not promote any more.</exception>
    public async Task CompleteAsync(PromotionRow promotion, RolloutAtEnd rollout, CancellationToken cancellationToken)
    {
        var standing = await LookAsync(promotion, cancellationToken);
        var actor = await FindActorAsync(standing, cancellationToken) ?? throw new RefusedException(NobodysName(promotion));
        await spine.Changes.MakeAsync(actor, CompletePromotion.Of(promotion, standing.Report?.Entry.Observed) with { Rollout = rollout }, cancellationToken);
    }

    private static string NobodysName(PromotionRow promotion) => $"{promotion.RequesterName}, in whose name it would go through, may not promote there any more.";

    private async Task CompleteAsync(Standing standing, CancellationToken cancellationToken)
    {
        var (promotion, observed) = (standing.Promotion, standing.Report!.Entry.Observed);
        if (await FindActorAsync(standing, cancellationToken) is not { } actor)
        {
            await EndAsync(promotion, PromotionState.Failed, NobodysName(promotion), cancellationToken);
            return;
        }

        try
        {
            await spine.Changes.MakeAsync(actor, CompletePromotion.Of(promotion, observed), cancellationToken);
        }
        catch (ServedStageException)
        {
            Failpoint.Reach(Failpoint.Before("rollout.begin"));
            await spine.Changes.MakeAsync(actor, new BeginRollout(promotion) { Observed = observed }, cancellationToken);
            Failpoint.Reach(Failpoint.After("rollout.begin"));
        }
    }

    // What was held goes on in nobody's name: whoever let it go had the right, and is on record with the rollout.
    private async Task<Actor?> FindActorAsync(Standing standing, CancellationToken cancellationToken) =>
        standing.Promotion.Going == Going.ForRequester ? await FindRequesterAsync(standing, cancellationToken) : Server;

    /// <summary>The requester with the rights that they have now; null when these are not enough.</summary>
    private Task<Caller?> FindRequesterAsync(Standing standing, CancellationToken cancellationToken) => spine.Database.ReadAsync(async reader =>
    {
        var promotion = standing.Promotion;
        var who = await Requesters.FindAsync(reader, promotion.Requester, cancellationToken);
        var gateway = Gateway.Into(promotion.Model, promotion.ModelName, standing.Pipeline!, standing.Stage!);
        return who is not null && await _rights.MayPromoteAsync(reader, who, gateway, cancellationToken) && await _rights.MayReadAsync(reader, who, promotion.Model, cancellationToken)
            ? new Caller(who, "promotion", null) { Demand = new Demand(Permission.Promote, () => Target.Model(promotion.ModelName)) }
            : null;
    }, cancellationToken);

    private Task<PromotionRow> EndAsync(PromotionRow promotion, string state, string reason, CancellationToken cancellationToken) =>
        spine.Changes.MakeAsync(Server, new EndPromotion(promotion, state, reason), cancellationToken);
}
