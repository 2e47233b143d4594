using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Client;

public sealed partial class SlipwayClient
{
    /// <summary>Asks that a version be let into a stage. What is met already goes through at once.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="request">Where to, and why; without a pipeline it fails with <c>BAD_REQUEST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Promotion> RequestPromotionAsync(string model, string version, RequestPromotionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RequestPromotionRequest, Promotion>(HttpMethod.Post, $"{VersionPath(model, version)}/promotions", request, cancellationToken);

    /// <summary>Lists promotions, the last one first.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PromotionsResponse> ListPromotionsAsync(ListPromotionsRequest query, CancellationToken cancellationToken = default)
    {
        (string Name, string? Value)[] all =
        [
            ("state", query.State), ("model", query.Model), ("version", query.Version), ("cursor", query.Cursor),
            ("mine", query.Mine == true ? "true" : null), ("for_me", query.ForMe == true ? "true" : null), ("limit", query.Limit?.ToString(CultureInfo.InvariantCulture)),
        ];
        return AskAsync<PromotionsResponse>("promotions" + Query(all), cancellationToken);
    }

    /// <summary>Shows a promotion as it stands now.</summary>
    /// <param name="id">Its number; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Promotion> GetPromotionAsync(long id, CancellationToken cancellationToken = default) =>
        AskAsync<Promotion>($"promotions/{Text(id)}", cancellationToken);

    /// <summary>Approves or rejects a promotion.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="request">The verdict; who may not give it gets <c>PERMISSION_DENIED</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Promotion> ReviewPromotionAsync(long id, ReviewPromotionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ReviewPromotionRequest, Promotion>(HttpMethod.Post, $"promotions/{Text(id)}/approvals", request, cancellationToken);

    /// <summary>Takes a promotion back.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="reason">Why; may be absent.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Promotion> CancelPromotionAsync(long id, string? reason, CancellationToken cancellationToken = default) =>
        CallAsync<ReasonRequest, Promotion>(HttpMethod.Post, $"promotions/{Text(id)}/cancel", new ReasonRequest(reason), cancellationToken);

    /// <summary>Lets a version serve again that did before.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="request">Where to; all of it may be absent.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<StageChange> RollBackAsync(string model, RollBackRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RollBackRequest, StageChange>(HttpMethod.Post, $"models/{Uri.EscapeDataString(model)}/rollback", request, cancellationToken);

    /// <summary>Brings a version into a stage past its gates.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="request">Where to, and why.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<StageChange> BreakGlassAsync(string model, string version, BreakGlassRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<BreakGlassRequest, StageChange>(HttpMethod.Post, $"{VersionPath(model, version)}/break-glass", request, cancellationToken);

    /// <summary>Shuts a version out of all governed stages for good.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Revocation> RevokeVersionAsync(string model, string version, string reason, CancellationToken cancellationToken = default) =>
        CallAsync<ReasonRequest, Revocation>(HttpMethod.Post, $"{VersionPath(model, version)}/revoke", new ReasonRequest(reason), cancellationToken);

    /// <summary>Stops promotions of some models.</summary>
    /// <param name="request">Which, why and until when.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Freeze> SetFreezeAsync(SetFreezeRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetFreezeRequest, Freeze>(HttpMethod.Post, "freezes", request, cancellationToken);

    /// <summary>Lists freezes, the last one first.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FreezesResponse> ListFreezesAsync(ListFreezesRequest query, CancellationToken cancellationToken = default) =>
        AskAsync<FreezesResponse>("freezes" + Query([("all", query.All == true ? "true" : null), ("limit", query.Limit?.ToString(CultureInfo.InvariantCulture)), ("cursor", query.Cursor)]), cancellationToken);

    /// <summary>Ends a freeze.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Freeze> LiftFreezeAsync(long id, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, Freeze>(HttpMethod.Delete, $"freezes/{Text(id)}", null, cancellationToken);

    private static string VersionPath(string model, string version) => $"models/{Uri.EscapeDataString(model)}/versions/{Uri.EscapeDataString(version)}";

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Query(IEnumerable<(string Name, string? Value)> all)
    {
        var given = all.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
