using Slipway.Server.Governance;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>What a plain transition into a stage that an environment serves comes to: it starts or joins a promotion, and waits for it.</summary>
internal sealed class ServedTransitions(Spine spine)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Settlement _settlement = new(spine);

    /// <summary>Moves the version, at once where nothing serves the stage.</summary>
    /// <exception cref="Fault">It is refused, or does not serve after a minute; the promotion goes on then.</exception>
    public async Task<ModelVersionRow> MakeAsync(Caller caller, TransitionStage request, CancellationToken cancellationToken)
    {
        try
        {
            return await spine.MakeAsync(caller, request, cancellationToken);
        }
        catch (ServedStageException)
        {
            var asked = new RequestPromotion(request.Name, request.Version, request.Stage) { Observed = request.Observed };
            var promotion = await spine.MakeAsync(caller, asked, cancellationToken);
            if (promotion is { Going: Going.Held, State: PromotionState.Approved })
            {
                await spine.MakeAsync(caller, new BeginRollout(promotion) { Observed = request.Observed }, cancellationToken);
            }
            else
            {
                await _settlement.SettleAsync(promotion, cancellationToken);
            }

            return await WaitAsync(promotion, cancellationToken);
        }
    }

    private async Task<ModelVersionRow> WaitAsync(PromotionRow promotion, CancellationToken cancellationToken)
    {
        var begun = spine.Time.GetTimestamp();
        do
        {
            var now = await spine.Database.ReadAsync(reader => Promotions.GetAsync(reader, promotion.Id, cancellationToken), cancellationToken);
            if (now.State == PromotionState.Completed)
            {
                return await spine.Database.ReadAsync(
                    async reader => await ModelVersions.LoadAsync(reader, await ModelVersions.GetAsync(reader, now.ModelName, now.Number, cancellationToken), cancellationToken),
                    cancellationToken);
            }

            if (!PromotionState.IsOpen(now.State))
            {
                throw Fault.Conflict($"Promotion {now.Id} of '{now.ModelName}' {now.Number} to {now.Stage} is {now.State}: {now.Reason ?? "no reason was given"}");
            }

            await Task.Delay(Pause, spine.Time, cancellationToken);
        }
        while (spine.Time.GetElapsedTime(begun) < Patience);

        throw Fault.Conflict($"Version {promotion.Number} of '{promotion.ModelName}' is not in {promotion.Stage} yet: promotion {promotion.Id} goes on, and the stage changes when the version serves. Repeat the call to wait on, or look at it with 'slipway promotions show {promotion.Id}'.");
    }
}
