using Microsoft.AspNetCore.Http;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Who asks.</summary>
internal sealed record Caller(Actor Actor)
{
    /// <summary>Everyone, while nobody has to say who they are.</summary>
    public static Caller Of(HttpContext context) => new(new Actor("anonymous", "none", context.Connection.RemoteIpAddress?.ToString()));
}
