using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Wire.Native;

namespace Slipway.Server.Routing;

/// <summary>Maps the endpoints of the native API. Each says in a sentence what it does, for the API's description.</summary>
internal sealed class NativeRoutes(RouteTable table)
{
    private readonly WireRoutes _routes = new(table, NativeApi.Prefix);

    public void Get<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Get, path, permission, on, handle);

    public void Post<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Post, path, permission, on, handle);

    public void Put<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Put, path, permission, on, handle);

    public void Delete<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Delete, path, permission, on, handle);

    /// <summary>Maps an endpoint whose handler reads or writes headers besides the records.</summary>
    public void Map<TRequest, TResponse>(
        string method, NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => _routes.With(new RouteShape(path.Summary, typeof(TRequest), typeof(TResponse))).Map(method, path.Path, permission, on, handle);

    /// <summary>Maps an endpoint whose bodies are not records. The handler judges by reading through the caller's rights.</summary>
    public void Add(string method, NativePath path, Permission permission, Func<HttpContext, RouteValues, Target> on, RouteHandler handler) =>
        _routes.With(new RouteShape(path.Summary, null, null)).Add(method, path.Path, permission, on, handler);

    private void Map<TRequest, TResponse>(
        string method, NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => _routes.With(new RouteShape(path.Summary, typeof(TRequest), typeof(TResponse))).Map(method, path.Path, permission, on, handle);
}

/// <summary>Where an endpoint is and what it does.</summary>
/// <param name="Path">Below the API's prefix, such as <c>promotions/{id}</c>.</param>
/// <param name="Summary">One sentence.</param>
internal readonly record struct NativePath(string Path, string Summary);
