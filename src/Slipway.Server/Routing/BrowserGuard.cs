using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Refuses what a web page may have made a browser send: a foreign Host (DNS rebinding) or a foreign Origin.</summary>
/// <param name="prefix">What stands in front of every path.</param>
/// <param name="allowedHosts">Names besides loopback and private addresses; <c>*</c> allows all.</param>
internal sealed class BrowserGuard(string prefix, IReadOnlyCollection<string> allowedHosts)
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

    private static void CheckOrigin(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Origin", out var origin) || origin.Count == 0)
        {
            return;
        }

        var own = Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (IsLoopback(uri.Host) || uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
        if (!own)
        {
            throw new RefusedException($"Cross-origin request blocked: '{Checks.Text.Shorten(origin.ToString())}' is not an origin of this server.");
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // Host and port are parsed, so that 10.evil.example is not taken for an address in 10.*.
    private bool IsAllowed(HostString host)
    {
        if (IsLoopback(host.Host) || allowedHosts.Contains("*") || allowedHosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        return IPAddress.TryParse(host.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || Array.Exists(Private, network => network.BaseAddress.AddressFamily == Plain(address).AddressFamily && network.Contains(Plain(address))));
    }

    private static IPAddress Plain(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
