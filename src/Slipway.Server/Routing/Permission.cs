namespace Slipway.Server.Routing;

/// <summary>What a caller must be allowed to do to use a route. No route can be mapped without one.</summary>
internal enum Permission
{
    /// <summary>Nothing: probes, and what shows no one's data.</summary>
    None,

    /// <summary>To be known; what is listed is filtered.</summary>
    Known,

    Read,
    Edit,
    Manage,
    Promote,
}
