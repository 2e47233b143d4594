using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Copies headers, but for those that are about one connection only (RFC 9110, 7.6.1).</summary>
internal static class Headers
{
    public const string ModelVersion = "X-Slipway-Model-Version";
    public const string RequestId = "X-Slipway-Request-Id";
    public const string Failure = "X-Slipway-Failure";

    /// <summary>A worker says with it that its answer does not fit the signature of outputs.</summary>
    public const string BreaksSchema = "X-Slipway-Breaks-Schema";

    private static readonly HashSet<string> _hops = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    // The worker is nobody who should know who asks; the host is the gateway's.
    private static readonly HashSet<string> _ours = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Cookie", "Host", "Expect", "Content-Length" };

    // These the gateway says by itself.
    private static readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase) { "Server", "Date", ModelVersion, RequestId };

    /// <summary>What goes on to the worker.</summary>
    public static void CopyRequest(IHeaderDictionary from, HttpRequestMessage to)
    {
        var named = from.Connection;
        foreach (var (name, values) in from)
        {
            if (_hops.Contains(name) || _ours.Contains(name) || IsNamed(named, name))
            {
                continue;
            }

            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    /// <summary>What goes back to the caller.</summary>
    public static void CopyResponse(HttpResponseMessage from, IHeaderDictionary to)
    {
        var named = from.Headers.NonValidated.TryGetValues("Connection", out var values) ? new StringValues(values.ToString()) : default;
        Copy(from.Headers.NonValidated, named, to);
        Copy(from.Content.Headers.NonValidated, named, to);
    }

    private static void Copy(HttpHeadersNonValidated from, StringValues named, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!_hops.Contains(name) && !_told.Contains(name) && !IsNamed(named, name))
            {
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }

    private static bool IsNamed(StringValues connection, string name)
    {
        if (connection.Count == 0)
        {
            return false;
        }

        foreach (var value in connection)
        {
            if (value is not null && value.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
