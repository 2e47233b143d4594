using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Routing;

/// <summary>Finds out who asks.</summary>
internal interface IDoorman
{
    /// <exception cref="Store.Fault">They have to say who they are, and did not, or not truly.</exception>
    ValueTask<Caller> AdmitAsync(HttpContext context);
}
