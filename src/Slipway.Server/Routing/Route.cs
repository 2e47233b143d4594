using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Routing;

/// <summary>Answers one request.</summary>
internal delegate Task RouteHandler(HttpContext context, RouteValues values);

/// <summary>A method and a path, the permission that it takes, and who answers.</summary>
/// <param name="Method">Such as GET.</param>
/// <param name="Pattern">A path; <c>{name}</c> is one segment, <c>{name*}</c> the rest, at most two of them.</param>
/// <param name="Permission">What the caller must be allowed to do.</param>
/// <param name="Handler">Who answers.</param>
internal sealed record Route(string Method, string Pattern, Permission Permission, RouteHandler Handler);
