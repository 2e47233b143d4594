using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Routing;

/// <summary>Which pages of other origins may use the API from a browser.</summary>
/// <param name="allowed">Origins such as <c>https://ui.example.org</c>, with <c>*</c> for any text; <c>*</c> alone allows all, without credentials.</param>
internal sealed class Origins(IReadOnlyCollection<string> allowed)
{
    private const string Methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

    /// <summary>Whether any page may write.</summary>
    public bool AllowsAll { get; } = allowed.Contains("*");

    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Answers a browser that asks whether the page may send a request; false when it asks something else.</summary>
    public static bool AnswerPreflight(HttpContext context)
    {
        var asked = context.Request.Headers;
        if (!HttpMethods.IsOptions(context.Request.Method) || asked.Origin.Count == 0 || asked.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (context.Response.Headers.AccessControlAllowOrigin.Count > 0)
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = asked.AccessControlRequestHeaders;
            headers.AccessControlMaxAge = "600";
        }

        return true;
    }

    /// <summary>Whether pages of this origin are trusted with what their user may do: those of this machine, and those that were named.</summary>
    public bool Trusts(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (IsLoopback(uri.Host) || allowed.Any(pattern => pattern != "*" && Wildcard.Matches(pattern, origin)));

    /// <summary>Tells the browser what the page may read.</summary>
    public void Welcome(HttpContext context)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return;
        }

        var headers = context.Response.Headers;
        headers.Append("Vary", "Origin");
        if (Trusts(origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
        }
        else if (AllowsAll)
        {
            headers.AccessControlAllowOrigin = "*";
        }
    }
}
