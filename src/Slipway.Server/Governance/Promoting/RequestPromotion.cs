using Slipway.Server.Checks;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Asks that a version be let into a stage once all that is missing is there; whoever asks again joins.</summary>
internal sealed record RequestPromotion(string Name, long Version, string Stage) : ChangeRequest<PromotionRow>
{
    public const int TextLimit = 5_000;

    public override string Action => "promotion.request";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public string Justification { get; init; } = "";

    /// <summary>Whether it is not to go through by itself.</summary>
    public bool Hold { get; init; }

    public ObservedFiles? Observed { get; init; }

    public static RequestPromotion Decode(string name, string version, RequestPromotionRequest wire) => new(name, ModelName.Version(version), Require.Text(wire.To, "to"))
    {
        Justification = Text.Within(wire.Justification ?? "", TextLimit, "justification"),
        Hold = wire.Hold ?? false,
    };

    public override async Task<PromotionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var wish = change.Find<PromotionWish>() ?? throw new InvalidOperationException("No rule looked at what was asked for.");
        var promotion = wish.Joined is { } joined ? await JoinAsync(change, joined, cancellationToken) : await BeginAsync(change, wish, cancellationToken);
        var state = Standing.StateOf(promotion, wish.Report);
        await Promotions.SetStateAsync(change, promotion.Id, state, null, cancellationToken);
        promotion = promotion with { State = state, UpdatedAt = change.Info.At };
        await MirrorTags.ShowAsync(change, promotion, wish.Report, cancellationToken);
        change.Promotion = promotion.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        change.Record(null, new PromotionAudit(promotion.Id, promotion.Stage, state)
        {
            Requester = promotion.RequesterName,
            Justification = promotion.Justification,
            Automatic = promotion.Going != Going.Held,
            Digest = wish.Report.Digest,
        }.ToJson());
        return promotion;
    }

    private async Task<PromotionRow> BeginAsync(Change change, PromotionWish wish, CancellationToken cancellationToken)
    {
        var (version, stage) = (wish.Report.Entry.Version, wish.Report.Entry.Stage);
        var row = new PromotionRow(await change.TakeIdsAsync("promotions", 1, cancellationToken), version.Model, version.Id, stage.Name)
        {
            ModelName = version.Name,
            Number = version.Version,
            State = PromotionState.Requested,
            Requester = (change.Info.Actor as Caller)?.Principal.Id,
            RequesterName = change.Info.Actor.Name,
            Justification = Justification,
            Going = Hold ? Going.Held : Going.ForRequester,
            CreatedAt = change.Info.At,
            UpdatedAt = change.Info.At,
            ExpiresAt = change.Info.At + (long)stage.Expiry.TotalMilliseconds,
        };
        await Promotions.AddAsync(change, row, cancellationToken);
        PromotionEvents.Announce(change, row, PromotionState.Requested);
        return row;
    }

    // Who asked first may let go of it later; others change nothing by asking again.
    private async Task<PromotionRow> JoinAsync(Change change, PromotionRow joined, CancellationToken cancellationToken)
    {
        if (Hold || joined.Going != Going.Held || joined.Requester != (change.Info.Actor as Caller)?.Principal.Id)
        {
            return joined;
        }

        await Promotions.SetGoingAsync(change, joined.Id, Going.ForRequester, cancellationToken);
        return joined with { Going = Going.ForRequester };
    }
}
