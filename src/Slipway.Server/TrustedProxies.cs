using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Slipway.Server;

/// <summary>Believes what listed proxies say of where a request came from, and nobody else.</summary>
internal static class TrustedProxies
{
    public static void Use(WebApplication web, ServerOptions options)
    {
        if (options.TrustedProxyList.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,

            // As many hops as are listed: the first address that is not is the caller's.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedProxyList)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        web.UseForwardedHeaders(forwarded);
    }
}
