using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Routing;

/// <summary>Answers one request.</summary>
internal delegate Task RouteHandler(HttpContext context, RouteValues values, Caller caller);

/// <summary>A method and a path, the permission that it takes, and who answers.</summary>
/// <param name="Method">Such as GET.</param>
/// <param name="Pattern">A path; <c>{name}</c> is one segment, <c>{name*}</c> the rest, at most two of them.</param>
/// <param name="Permission">What the caller must be allowed to do.</param>
/// <param name="Handler">Who answers.</param>
internal sealed record Route(string Method, string Pattern, Permission Permission, RouteHandler Handler)
{
    /// <summary>What the route takes and gives, where it is part of the native API.</summary>
    public RouteShape? Shape { get; init; }
}

/// <summary>The records of a native route, for its description.</summary>
/// <param name="Summary">One sentence of what it does.</param>
/// <param name="Request">Read from the query of a GET, else from the body; null when there is none.</param>
/// <param name="Response">Null when the answer is no record.</param>
internal sealed record RouteShape(string Summary, Type? Request, Type? Response)
{
    /// <summary>Read from the query whatever the method, where the body is no record.</summary>
    public Type? Query { get; init; }
}
