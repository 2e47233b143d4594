using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>All routes. Paths are matched as they were sent: no decoding, no folding of case, slashes or dots.</summary>
/// <param name="prefix">What stands in front of every path.</param>
/// <param name="doorman">Finds out who asks, before anything is answered that takes more than nothing.</param>
internal sealed class RouteTable(string prefix, IDoorman doorman)
{
    private static readonly Caller Unknown = new(new Principal(null, "unknown"), "none", null);

    private readonly Dictionary<string, List<Route>> _exact = [];
    private readonly List<RoutePattern> _patterns = [];

    public IEnumerable<Route> Routes => _exact.Values.SelectMany(routes => routes).Concat(_patterns.SelectMany(pattern => pattern.Routes));

    public void Add(Route route)
    {
        route = route with { Pattern = prefix + route.Pattern };
        if (!route.Pattern.Contains('{', StringComparison.Ordinal))
        {
            _exact.TryAdd(route.Pattern, []);
            _exact[route.Pattern].Add(route);
            return;
        }

        var pattern = _patterns.Find(existing => existing.Text == route.Pattern);
        if (pattern is null)
        {
            // The longer literal beginning goes first, so that a general pattern never hides a special one.
            pattern = new RoutePattern(route.Pattern);
            var place = _patterns.FindIndex(existing => existing.Head.Length < pattern.Head.Length);
            _patterns.Insert(place < 0 ? _patterns.Count : place, pattern);
        }

        pattern.Routes.Add(route);
    }

    public Task HandleAsync(HttpContext context)
    {
        var path = PathOf(context);
        if (_exact.TryGetValue(path, out var routes))
        {
            return Choose(routes, context, default);
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.TryMatch(path, out var values))
            {
                return Choose(pattern.Routes, context, values);
            }
        }

        throw Fault.NoEndpoint($"{context.Request.Method} {path} is not supported by this server.");
    }

    private Task Choose(List<Route> routes, HttpContext context, RouteValues values)
    {
        foreach (var route in routes)
        {
            if (route.Method == context.Request.Method)
            {
                return AnswerAsync(route, context, values);
            }
        }

        var allowed = string.Join(", ", routes.Select(route => route.Method));
        context.Response.Headers.Allow = allowed;
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        throw new WrongMethodException($"{context.Request.Method} is not supported here; allowed: {allowed}.");
    }

    private async Task AnswerAsync(Route route, HttpContext context, RouteValues values)
    {
        var caller = route.Permission == Permission.None ? Unknown : await doorman.AdmitAsync(context);
        await route.Handler(context, values, caller);
    }

    private static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        if (path.StartsWith('/') || path.IndexOf("://", StringComparison.Ordinal) is not (var scheme and >= 0))
        {
            return path;
        }

        var start = path.IndexOf('/', scheme + 3);
        return start < 0 ? "/" : path[start..];
    }
}

/// <summary>The path exists, but not for this method.</summary>
internal sealed class WrongMethodException(string message) : Fault(FaultKind.NoEndpoint, message);
