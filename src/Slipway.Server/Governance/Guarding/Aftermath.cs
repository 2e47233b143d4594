using Slipway.Server.Governance.Promoting;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>What follows when a version entered a governed stage, in the same transaction.</summary>
internal static class Aftermath
{
    public static async Task OfEntryAsync(Change change, Admission admission, CancellationToken cancellationToken)
    {
        var entry = admission.Entry;
        await Decisions.AddAsync(change, new Decision(entry.Version.Id, entry.Stage.Name, admission.Kind)
        {
            Promotion = admission.Promotion?.Id,
            Pipeline = entry.Pipeline,
            Digest = admission.Report?.Digest,
            Gates = admission.Report?.Results ?? [],
            Reason = admission.Reason,
        }, cancellationToken);
        await BoundAliases.SettleAsync(change, entry.Pipeline, (entry.Version.Model, entry.Version.Name), cancellationToken);
        await BoundAliases.EnterAsync(change, entry.Stage, entry.Version, cancellationToken);
        await CompleteAsync(change, admission, cancellationToken);
        if (admission.Kind == Decisions.BreakGlass)
        {
            PromotionEvents.Announce(change, "version.break_glass", new PromotionEvent(entry.Version.Name, entry.Version.Version, entry.Stage.Name)
            {
                Actor = change.Info.Actor.Name,
                Reason = admission.Reason,
                Unmet = [.. admission.Report!.Unmet.Select(result => result.ToString())],
            });
        }
    }

    private static async Task CompleteAsync(Change change, Admission admission, CancellationToken cancellationToken)
    {
        if (admission.Promotion is { } promotion)
        {
            await PromotionTurn.TurnAsync(change, promotion, (PromotionState.Completed, admission.Reason), admission.Report, cancellationToken);
        }
    }
}
