using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Identity;

/// <summary>Where a request came from, as far as we know.</summary>
internal static class CallerAddress
{
    /// <summary>The address; marked when it is that of a proxy which nobody listed, so that it never passes for somebody on this machine.</summary>
    public static string? Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.ToString();
        var headers = context.Request.Headers;
        return headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded") ? $"{address} (forwarding)" : address;
    }
}
