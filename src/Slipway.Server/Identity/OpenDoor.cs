using Microsoft.AspNetCore.Http;
using Slipway.Server.Routing;

namespace Slipway.Server.Identity;

/// <summary>Lets everyone in as anonymous, while nobody has to say who they are.</summary>
internal sealed class OpenDoor : IDoorman
{
    public ValueTask<Caller> AdmitAsync(HttpContext context) => ValueTask.FromResult(new Caller(Principal.Anonymous, "none", context.Connection.RemoteIpAddress?.ToString()));
}
