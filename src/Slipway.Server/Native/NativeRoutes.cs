using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Wire.Json;
using Slipway.Wire.Native;

namespace Slipway.Server.Native;

/// <summary>Maps the endpoints of the native API. Each says in a sentence what it does, for the API's description.</summary>
internal sealed class NativeRoutes(RouteTable table, Spine spine)
{
    private readonly WireRoutes _routes = new(table, NativeApi.Prefix);

    public void Get<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Get, path, permission, on, handle);

    /// <summary>Maps a POST. A request that carries an idempotency key is carried out once, however often it is sent.</summary>
    public void Post<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Post<TRequest, TResponse>(path, permission, on, (context, values, request, caller) => handle(values, request, caller, context.RequestAborted));

    /// <summary>Maps a POST whose handler reads or writes headers besides the records.</summary>
    public void Post<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => Shaped<TRequest, TResponse>(path).Add(HttpMethods.Post, path.Path, permission, async (context, values, caller) =>
    {
        var request = await RequestDecoder.ReadAsync<TRequest>(context);
        caller = caller.For(new Demand(permission, () => on(values, request))) with { Idempotency = IdempotencyKey.Of(context, request) };
        try
        {
            var answer = await handle(context, values, request, caller);
            await KeepAsync(caller, answer);
            return (caller, () => Answer.WriteAsync(context, answer));
        }
        catch (RepeatedException repeated)
        {
            return (caller, () => Answer.WriteTextAsync(context, repeated.Json));
        }
    });

    public void Put<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Put, path, permission, on, handle);

    /// <summary>Maps a PUT whose handler reads or writes headers besides the records.</summary>
    public void Put<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => Shaped<TRequest, TResponse>(path).Map(HttpMethods.Put, path.Path, permission, on, handle);

    public void Delete<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Delete, path, permission, on, handle);

    /// <summary>Maps a GET whose handler reads or writes headers besides the records.</summary>
    public void Get<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => Shaped<TRequest, TResponse>(path).Map(HttpMethods.Get, path.Path, permission, on, handle);

    /// <summary>Maps a DELETE whose handler reads or writes headers besides the records.</summary>
    public void Delete<TRequest, TResponse>(
        NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => Shaped<TRequest, TResponse>(path).Map(HttpMethods.Delete, path.Path, permission, on, handle);

    /// <summary>Maps an endpoint whose bodies are not records. The handler judges by reading through the caller's rights.</summary>
    public void Add(string method, NativePath path, Permission permission, Func<HttpContext, RouteValues, Target> on, RouteHandler handler) =>
        _routes.With(new RouteShape(path.Summary, null, null)).Add(method, path.Path, permission, on, handler);

    /// <summary>The same for bodies that are files: what is said about them stands in the query.</summary>
    public void Add<TQuery>(string method, NativePath path, Permission permission, Func<HttpContext, RouteValues, Target> on, Func<HttpContext, RouteValues, TQuery, Caller, Task> handler)
        where TQuery : class => Add(method, (path, null), permission, on, handler);

    /// <summary>The same where the answer is a record.</summary>
    public void Add<TQuery, TResponse>(string method, NativePath path, Permission permission, Func<HttpContext, RouteValues, Target> on, Func<HttpContext, RouteValues, TQuery, Caller, Task> handler)
        where TQuery : class => Add(method, (path, typeof(TResponse)), permission, on, handler);

    private void Add<TQuery>(string method, (NativePath Path, Type? Response) shape, Permission permission, Func<HttpContext, RouteValues, Target> on, Func<HttpContext, RouteValues, TQuery, Caller, Task> handler)
        where TQuery : class => _routes.With(new RouteShape(shape.Path.Summary, null, shape.Response) { Query = typeof(TQuery) }).Add(
            method, shape.Path.Path, permission, on, (context, values, caller) => handler(context, values, RequestDecoder.ReadQuery<TQuery>(context), caller));

    private WireRoutes Shaped<TRequest, TResponse>(NativePath path) => _routes.With(new RouteShape(path.Summary, typeof(TRequest), typeof(TResponse)));

    private void Map<TRequest, TResponse>(
        string method, NativePath path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Shaped<TRequest, TResponse>(path).Map(method, path.Path, permission, on, handle);

    private async Task KeepAsync<TResponse>(Caller caller, TResponse answer)
    {
        if (caller.Idempotency is { } key)
        {
            var json = JsonSerializer.Serialize(answer, WireJson.Of<TResponse>());
            await spine.Ingest.WriteAsync((writer, token) => IdempotencyKeys.KeepAsync(writer, caller.Name, (key, json), token), CancellationToken.None);
        }
    }
}

/// <summary>Where an endpoint is and what it does.</summary>
/// <param name="Path">Below the API's prefix, such as <c>promotions/{id}</c>.</param>
/// <param name="Summary">One sentence.</param>
internal readonly record struct NativePath(string Path, string Summary);
