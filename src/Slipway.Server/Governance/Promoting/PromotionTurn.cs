using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Brings a promotion into another state, with all that tells of it.</summary>
internal static class PromotionTurn
{
    /// <summary>Sets the state inside a change that may be about something else.</summary>
    /// <param name="change">The change.</param>
    /// <param name="promotion">As it was.</param>
    /// <param name="to">The state, and why.</param>
    /// <param name="report">What the gates say now; null when nobody asked them.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task TurnAsync(Change change, PromotionRow promotion, (string State, string? Reason) to, CheckReport? report, CancellationToken cancellationToken)
    {
        await Promotions.SetStateAsync(change, promotion.Id, to.State, to.Reason, cancellationToken);
        await MirrorTags.ShowAsync(change, promotion with { State = to.State, Reason = to.Reason }, report, cancellationToken);
        change.Promotion ??= promotion.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        PromotionEvents.Announce(change, promotion, to.State, to.Reason);
    }
}
