using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Lets versions into stages, or not: every change that moves one comes by here.</summary>
internal sealed class StageAdmission(PromotionRights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is IStageChange entry)
        {
            await AdmitAsync(change, entry, cancellationToken);
        }
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (change.Find<Admission>() is { } admission)
        {
            await Aftermath.OfEntryAsync(change, admission, cancellationToken);
        }
        else if (change.Find<Departure>() is { } departure)
        {
            await BoundAliases.SettleAsync(change, departure.Pipeline, (departure.Version.Model, departure.Version.Name), cancellationToken);
        }
    }

    /// <summary>Asks every gate in front of the stage, and leaves a pass in the change.</summary>
    /// <exception cref="RefusedException">They lack the right, or a gate is unmet.</exception>
    public async Task AdmitAsync(Change change, IStageChange entry, CancellationToken cancellationToken)
    {
        var pipeline = await Pipelines.FindForAsync(change, entry.Name, cancellationToken);
        var stageName = Pipelines.ReadStage(pipeline, entry.Stage);
        if (pipeline is null)
        {
            await AdmitUngovernedAsync(change, entry, stageName, cancellationToken);
            return;
        }

        // A version that is not there is what the change itself says.
        if (await ModelVersions.FindAsync(change, entry.Name, entry.Version, cancellationToken) is not { } version)
        {
            change.Set(new StagePass(stageName, Leaving: []));
            return;
        }

        version = await ModelVersions.LoadAsync(change, version, cancellationToken);
        await RequireLeavingAsync(change, pipeline, version, stageName, cancellationToken);
        if (pipeline.FindStage(stageName) is not { } stage)
        {
            LetGo(change, entry, new Departure(version, pipeline), stageName);
            return;
        }

        await AdmitGovernedAsync(change, entry, new StageEntry(pipeline, stage, version, change.Info.At), cancellationToken);
    }

    private async Task AdmitUngovernedAsync(Change change, IStageChange entry, string stage, CancellationToken cancellationToken)
    {
        if (entry is BreakGlass or CompletePromotion)
        {
            throw Ungoverned(entry.Name);
        }

        if (entry is TransitionStage { ArchiveExisting: true } && !StageName.IsServed(stage))
        {
            throw Fault.Invalid($"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are {StageName.Staging} and {StageName.Production}.");
        }

        if (await RegisteredModels.FindAsync(change, entry.Name, cancellationToken) is { } model)
        {
            await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Any(model.Id, model.Name, null), cancellationToken);
        }

        change.Set(new StagePass(stage, Leaving: null));
    }

    internal static Fault Ungoverned(string model) => Fault.Conflict($"No pipeline applies to '{model}', so there are no gates: move its versions with a plain transition.");

    // Into a stage without gates anyone may move a version that holds no governed one; out of a governed one it takes its promoters.
    private async Task RequireLeavingAsync(Change change, Pipeline pipeline, ModelVersionRow version, string to, CancellationToken cancellationToken)
    {
        var (held, wanted) = (pipeline.FindStage(version.Stage), pipeline.FindStage(to));
        if (held is null && wanted is null)
        {
            await rights.RequireEditAsync(change, change.Info.Actor, version.Model, cancellationToken);
            return;
        }

        if (held is not null && (wanted is null || pipeline.PlaceOf(wanted) < pipeline.PlaceOf(held)))
        {
            await rights.RequirePromoteAsync(change, change.Info.Actor, Gateway.Into(version.Model, version.Name, pipeline, held), cancellationToken);
        }
    }

    private static void LetGo(Change change, IStageChange request, Departure departure, string to)
    {
        if (request is BreakGlass)
        {
            throw Fault.Invalid($"Nothing is in front of {to}: move the version there with a plain transition.");
        }

        change.Set(new StagePass(to, Leaving: []));
        change.Set(departure);
    }

    private async Task AdmitGovernedAsync(Change change, IStageChange request, StageEntry entry, CancellationToken cancellationToken)
    {
        var gateway = Gateway.Into(entry.Version.Model, entry.Version.Name, entry.Pipeline, entry.Stage);
        entry = entry with { Requester = (change.Info.Actor as Caller)?.Principal, Observed = request.Observed, Promotion = await PromotionOfAsync(change, request, entry, cancellationToken) };
        if (request is BreakGlass glass)
        {
            await PromotionRights.RequireBreakGlassAsync(change, change.Info.Actor, gateway, cancellationToken);
            await BreakAsync(change, new Admission(entry, Decisions.BreakGlass) { Promotion = entry.Promotion, Reason = glass.Reason }, cancellationToken);
            return;
        }

        await rights.RequirePromoteAsync(change, change.Info.Actor, gateway, cancellationToken);
        if (entry.Version.Stage == entry.Stage.Name)
        {
            change.Set(new StagePass(entry.Stage.Name, Leaving: []));
            return;
        }

        var kind = request switch
        {
            CompletePromotion => Decisions.Promotion,
            AliasEntry => Decisions.Alias,
            _ => Decisions.Transition,
        };
        await PassAsync(change, new Admission(entry, kind) { Promotion = entry.Promotion }, cancellationToken);
    }

    private static async Task<PromotionRow?> PromotionOfAsync(Reader reader, IStageChange request, StageEntry entry, CancellationToken cancellationToken)
    {
        if (request is not CompletePromotion completed)
        {
            return await Promotions.FindOpenAsync(reader, (entry.Version.Id, entry.Stage.Name), entry.At, cancellationToken);
        }

        var promotion = await Promotions.GetAsync(reader, completed.Promotion, cancellationToken);
        return promotion.Version == entry.Version.Id && promotion.Stage == entry.Stage.Name && PromotionState.IsOpen(promotion.State) && promotion.ExpiresAt > entry.At
            ? promotion
            : throw Fault.Conflict($"Promotion {promotion.Id} is {promotion.State} and can't be completed.");
    }

    private static async Task PassAsync(Change change, Admission admission, CancellationToken cancellationToken)
    {
        var report = await Gatekeeper.CheckAsync(change, admission.Entry, cancellationToken);
        if (!report.IsMet)
        {
            throw Refusals.Unmet(report);
        }

        change.Set(admission with { Report = report });
        change.Set(new StagePass(admission.Entry.Stage.Name, report.Leaving));
    }

    // The glass is broken for what is late or missing, not for what was taken back for good.
    private static async Task BreakAsync(Change change, Admission admission, CancellationToken cancellationToken)
    {
        var (version, stage) = (admission.Entry.Version, admission.Entry.Stage);
        if (await Revocations.FindReasonAsync(change, version.Id, cancellationToken) is { } reason)
        {
            throw new RefusedException($"Version {version.Version} of '{version.Name}' was revoked: {reason}. It can't enter {stage.Name}, not even by breaking the glass.");
        }

        if (version.Stage == stage.Name)
        {
            throw Fault.Conflict($"Version {version.Version} of '{version.Name}' is in {stage.Name} already.");
        }

        var report = await Gatekeeper.CheckAsync(change, admission.Entry, cancellationToken);
        change.Set(admission with { Report = report });
        change.Set(new StagePass(stage.Name, [.. report.Leaving, .. await OverflowAsync(change, report, cancellationToken)]));
    }

    // A stage that refuses what is beyond its limit makes room now, for there are never more in it.
    private static async Task<IEnumerable<ModelVersionRow>> OverflowAsync(Reader reader, CheckReport report, CancellationToken cancellationToken)
    {
        var (version, leaving) = (report.Entry.Version, report.Leaving.Select(row => row.Id).ToHashSet());
        var holders = await ModelVersions.InStageAsync(reader, version.Model, report.Entry.Stage.Name, cancellationToken);
        return holders.Where(holder => holder.Id != version.Id && !leaving.Contains(holder.Id)).Skip((report.Entry.Stage.Limit ?? int.MaxValue) - 1);
    }
}
