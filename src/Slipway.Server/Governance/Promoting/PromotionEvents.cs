using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>What promotions announce.</summary>
internal static class PromotionEvents
{
    public static void Announce(Change change, string topic, PromotionEvent what) =>
        change.Announce(topic, JsonSerializer.Serialize(what, PromotionEventJson.Default.PromotionEvent));

    /// <summary>Announces that a promotion is in another state.</summary>
    public static void Announce(Change change, PromotionRow promotion, string state, string? reason = null) =>
        Announce(change, $"promotion.{state}", new PromotionEvent(promotion.ModelName, promotion.Number, promotion.Stage)
        {
            Promotion = promotion.Id,
            Requester = promotion.RequesterName,
            Actor = change.Info.Actor.Name,
            Reason = reason,
        });
}

/// <summary>An event of a promotion or of what it can't hold up; what does not belong to it is absent.</summary>
internal sealed record PromotionEvent(string Name, long Version, string Stage)
{
    public long? Promotion { get; init; }

    public string? Requester { get; init; }

    public string? Actor { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<string>? Unmet { get; init; }
}

/// <summary>A promotion as the audit log tells of it.</summary>
internal sealed record PromotionAudit(long Promotion, string Stage, string State)
{
    public string? Requester { get; init; }

    public string? Justification { get; init; }

    public bool? Automatic { get; init; }

    public string? Verdict { get; init; }

    public string? Comment { get; init; }

    public string? Reason { get; init; }

    /// <summary>Over the evidence.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether the rejected version was archived.</summary>
    public bool? Archived { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, PromotionEventJson.Default.PromotionAudit);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PromotionEvent))]
[JsonSerializable(typeof(PromotionAudit))]
internal sealed partial class PromotionEventJson : JsonSerializerContext;
