using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Refuses what a web page may have made a browser send: a foreign Host (DNS rebinding) or a foreign Origin.</summary>
/// <param name="prefix">What stands in front of every path.</param>
/// <param name="allowedHosts">Names besides loopback and private addresses, with a port or for any; <c>*</c> stands for any text.</param>
/// <param name="origins">Whose pages may write.</param>
internal sealed class BrowserGuard(string prefix, IReadOnlyCollection<string> allowedHosts, Origins origins)
{
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("fc00::/7"),
    ];

    /// <exception cref="Fault">The request does not come from where it may.</exception>
    public void Check(HttpRequest request)
    {
        if (request.Path == prefix + "/health" || request.Path == prefix + "/version")
        {
            return;
        }

        if (!IsAllowed(request.Host))
        {
            throw new RefusedException($"Invalid Host header '{Checks.Text.Shorten(request.Host.Value ?? "")}' - possible DNS rebinding attack detected. Name the host in --allowed-hosts to allow it.");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method))
        {
            CheckOrigin(request);
        }
    }

    private void CheckOrigin(HttpRequest request)
    {
        if (origins.AllowsAll || !request.Headers.TryGetValue("Origin", out var values) || values.Count == 0)
        {
            return;
        }

        var origin = values.ToString();
        if (!origins.Trusts(origin) && !IsOwn(origin, request))
        {
            throw new RefusedException($"Cross-origin request blocked: '{Checks.Text.Shorten(origin)}' is not an origin of this server. Name it in --cors-allowed-origins to allow it.");
        }
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    // Host and port are parsed, so that 10.evil.example is not taken for an address in 10.*.
    private bool IsAllowed(HostString host)
    {
        if (Origins.IsLoopback(host.Host) || allowedHosts.Any(pattern => Wildcard.Matches(pattern, host.Host) || Wildcard.Matches(pattern, host.Value ?? "")))
        {
            return true;
        }

        return IPAddress.TryParse(host.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || Array.Exists(Private, network => network.BaseAddress.AddressFamily == Plain(address).AddressFamily && network.Contains(Plain(address))));
    }

    private static IPAddress Plain(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
