using Slipway.Server.Delivery;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Moves the version of a promotion into its stage: all rights and gates are looked at again.</summary>
internal sealed record CompletePromotion(long Promotion, string Name, long Version, string Stage) : ChangeRequest<ModelVersionRow>, IStageChange
{
    public override string Action => "promotion.complete";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public ObservedFiles? Observed { get; init; }

    /// <summary>The rollout that brought the version to where it serves; null where nothing serves the stage.</summary>
    public RolloutAtEnd? Rollout { get; init; }

    public static CompletePromotion Of(PromotionRow promotion, ObservedFiles? observed) =>
        new(promotion.Id, promotion.ModelName, promotion.Number, promotion.Stage) { Observed = observed };

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken) =>
        await TransitionStage.EnterAsync(change, await ModelVersions.GetAsync(change, Name, Version, cancellationToken), archiveExisting: false, cancellationToken);
}
