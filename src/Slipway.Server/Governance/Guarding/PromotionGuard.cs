using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Decides who may ask for a promotion, say yes or no to it, and end it.</summary>
internal sealed class PromotionGuard(PromotionRights rights) : IRule
{
    public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => request switch
    {
        RequestPromotion asked => BeforeAskingAsync(change, asked, cancellationToken),
        ReviewPromotion review => BeforeReviewAsync(change, review, cancellationToken),
        EndPromotion end => BeforeEndAsync(change, end, cancellationToken),
        RevokeVersion revoked => BeforeRevocationAsync(change, revoked, cancellationToken),
        _ => Task.CompletedTask,
    };

    public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BeforeAskingAsync(Change change, RequestPromotion request, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.LoadAsync(change, await ModelVersions.GetAsync(change, request.Name, request.Version, cancellationToken), cancellationToken);
        var pipeline = await Pipelines.FindForAsync(change, request.Name, cancellationToken) ?? throw StageAdmission.Ungoverned(request.Name);
        var name = await Pipelines.ReadStageAsync(change, request.Name, request.Stage, cancellationToken);
        var stage = pipeline.FindStage(name) ?? throw Fault.Invalid($"Nothing is in front of {name}: move the version there with a plain transition.");
        await RequireAskingAsync(change, request, Gateway.Into(version.Model, version.Name, pipeline, stage), cancellationToken);
        if (version.Stage == stage.Name)
        {
            throw Fault.Conflict($"Version {version.Version} of '{version.Name}' is in {stage.Name} already.");
        }

        if (await Revocations.FindReasonAsync(change, version.Id, cancellationToken) is { } reason)
        {
            throw new RefusedException($"Version {version.Version} of '{version.Name}' was revoked: {reason}. It can't be promoted any more.");
        }

        var joined = await Promotions.FindOpenAsync(change, (version.Id, stage.Name), change.Info.At, cancellationToken);
        var entry = new StageEntry(pipeline, stage, version, change.Info.At) { Requester = (change.Info.Actor as Caller)?.Principal, Observed = request.Observed, Promotion = joined };
        change.Set(new PromotionWish(await Gatekeeper.CheckAsync(change, entry, cancellationToken), joined));
    }

    // Whoever may edit the model may ask; what goes through by itself goes through in the name of its requester, who must be one who may.
    private async Task RequireAskingAsync(Change change, RequestPromotion request, Gateway gateway, CancellationToken cancellationToken)
    {
        if (change.Info.Actor is not Caller { Principal: var who } || await rights.MayPromoteAsync(change, who, gateway, cancellationToken))
        {
            return;
        }

        await rights.RequireEditAsync(change, change.Info.Actor, gateway.Model, cancellationToken);
        if (!request.Hold)
        {
            throw new RefusedException($"Permission denied: {who.Name} may not promote {gateway}, so the promotion can't go through in {who.Name}'s name. Ask for it with --hold, and somebody who may will carry it through.");
        }
    }

    private static async Task BeforeReviewAsync(Change change, ReviewPromotion review, CancellationToken cancellationToken)
    {
        var promotion = await GetOpenAsync(change, review.Promotion.Id, cancellationToken);
        var standing = await Standing.OfAsync(change, promotion, (review.Observed, change.Info.At), cancellationToken);
        if (standing is not { Report: { } report, Stage: { } stage, Pipeline: { } pipeline })
        {
            throw Fault.Conflict($"Promotion {promotion.Id} can't go on: no pipeline decides about {promotion.Stage} of '{promotion.ModelName}' any more.");
        }

        var gate = stage.Approvals ?? throw Fault.Conflict($"{stage.Name} asks for no approvals: promotion {promotion.Id} waits for {Refusals.List(report.Unmet)}.");
        var objection = change.Info.Actor is Caller { Principal: var who }
            ? await PromotionRights.ObjectionToReviewerAsync(change, who, (promotion, gate), cancellationToken)
            : "The server reviews nothing";
        if (objection is not null)
        {
            throw new RefusedException($"Permission denied: {objection}.");
        }

        if (review.IsYes)
        {
            RefuseEarlyOrTwice(standing, ((Caller)change.Info.Actor).Principal.Id!.Value);
        }
        else
        {
            LetRejectedGo(change, (pipeline, stage), report.Entry.Version);
        }

        change.Set(standing);
    }

    private static void RefuseEarlyOrTwice(Standing standing, long approver)
    {
        var blocking = Standing.Blocking(standing.Report!).ToList();
        if (blocking.Count > 0)
        {
            throw new RefusedException($"Promotion {standing.Promotion.Id} can't be approved before all but approvals and time is there: {Refusals.List(blocking)}.");
        }

        if (standing.Said.Any(said => said.Approver == approver && said.Verdict == Approvals.Approved && !standing.IsLapsed(said)))
        {
            throw Fault.Conflict($"You have approved promotion {standing.Promotion.Id} already, and nothing has changed since.");
        }
    }

    // A version that serves in a later stage is not taken out of it by a no to an earlier one.
    private static void LetRejectedGo(Change change, (Pipeline Pipeline, PipelineStage Stage) rejected, ModelVersionRow version)
    {
        var held = rejected.Pipeline.FindStage(version.Stage);
        if (rejected.Stage.ArchivesRejected && version.Stage != StageName.Archived && (held is null || rejected.Pipeline.PlaceOf(held) < rejected.Pipeline.PlaceOf(rejected.Stage)))
        {
            change.Set(new StagePass(StageName.Archived, Leaving: []));
            change.Set(new Departure(version, rejected.Pipeline));
        }
    }

    private async Task BeforeEndAsync(Change change, EndPromotion end, CancellationToken cancellationToken)
    {
        if (change.Info.Actor is not Caller { Principal: var who } || (end.Promotion.Requester is { } requester && requester == who.Id))
        {
            return;
        }

        var promotion = await Promotions.GetAsync(change, end.Promotion.Id, cancellationToken);
        var pipeline = await Pipelines.FindForAsync(change, promotion.ModelName, cancellationToken);
        var gateway = pipeline?.FindStage(promotion.Stage) is { } stage
            ? Gateway.Into(promotion.Model, promotion.ModelName, pipeline, stage)
            : Gateway.Any(promotion.Model, promotion.ModelName, pipeline);
        await rights.RequirePromoteAsync(change, change.Info.Actor, gateway, cancellationToken);
    }

    private async Task BeforeRevocationAsync(Change change, RevokeVersion revoked, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, revoked.Name, revoked.Version, cancellationToken);
        var pipeline = await Pipelines.FindForAsync(change, revoked.Name, cancellationToken);
        await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Any(version.Model, version.Name, pipeline), cancellationToken);
    }

    private static async Task<PromotionRow> GetOpenAsync(Change change, long id, CancellationToken cancellationToken)
    {
        var promotion = await Promotions.GetAsync(change, id, cancellationToken);
        return !PromotionState.IsOpen(promotion.State) ? throw Fault.Conflict($"Promotion {id} is {promotion.State}.")
            : promotion.ExpiresAt <= change.Info.At ? throw Fault.Conflict($"Promotion {id} has expired.")
            : promotion;
    }
}

/// <summary>What somebody asks for, looked at.</summary>
/// <param name="Report">What the gates say.</param>
/// <param name="Joined">The open promotion that asks for the same; null when there is none.</param>
internal sealed record PromotionWish(CheckReport Report, PromotionRow? Joined);
