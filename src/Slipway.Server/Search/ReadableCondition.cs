using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The condition that an object whose id the column holds may be read by whoever searches; null when all may be.</summary>
internal delegate Sql? ReadableCondition(Sql id);
