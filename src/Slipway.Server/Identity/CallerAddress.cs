using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Identity;

/// <summary>Where a request came from, as far as we know.</summary>
internal static class CallerAddress
{
    // The last is what remains of a header that a listed proxy sent.
    private static readonly string[] Signs = ["X-Forwarded-For", "Forwarded", "X-Original-For"];

    /// <summary>The address; this machine's own is marked when a proxy speaks for somebody else, so that it never passes for a person here.</summary>
    public static string? Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return address is not null && IPAddress.IsLoopback(address) && Array.Exists(Signs, context.Request.Headers.ContainsKey) ? $"{address} (forwarding)" : address?.ToString();
    }
}
