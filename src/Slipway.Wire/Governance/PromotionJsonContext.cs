using System.Text.Json.Serialization;

namespace Slipway.Wire.Governance;

/// <summary>The records of promotions, rollbacks and freezes.</summary>
[JsonSerializable(typeof(RequestPromotionRequest))]
[JsonSerializable(typeof(ReviewPromotionRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(ListPromotionsRequest))]
[JsonSerializable(typeof(PromotionsResponse))]
[JsonSerializable(typeof(Promotion))]
[JsonSerializable(typeof(RollBackRequest))]
[JsonSerializable(typeof(BreakGlassRequest))]
[JsonSerializable(typeof(StageChange))]
[JsonSerializable(typeof(Revocation))]
[JsonSerializable(typeof(SetFreezeRequest))]
[JsonSerializable(typeof(ListFreezesRequest))]
[JsonSerializable(typeof(FreezesResponse))]
[JsonSerializable(typeof(Freeze))]
[JsonSerializable(typeof(VersionTrust))]
internal sealed partial class PromotionJsonContext : JsonSerializerContext;
