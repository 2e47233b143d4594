using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Maps MLflow's endpoints under each prefix that a client may use, with one handler for all.</summary>
internal sealed class WireRoutes(RouteTable table, params string[] prefixes)
{
    private const string WorkspaceHeader = "X-MLFLOW-WORKSPACE";

    private RouteShape? Shape { get; init; }

    /// <summary>The same endpoints under the paths of 1.26 too.</summary>
    public WireRoutes AndPreview() =>
        new(table, [.. prefixes, .. prefixes.Select(prefix => prefix.Replace("/2.0/", "/2.0/preview/", StringComparison.Ordinal))]);

    /// <summary>The same prefixes for one route of the native API, which is described by its shape.</summary>
    public WireRoutes With(RouteShape shape) => new(table, prefixes) { Shape = shape };

    public void Get<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Target> on, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Get, path, permission, on, handle);

    public void Post<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Target> on, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Post, path, permission, on, handle);

    public void Patch<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Target> on, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Patch, path, permission, on, handle);

    public void Delete<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Target> on, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Delete, path, permission, on, handle);

    /// <summary>Maps a path with values in it.</summary>
    public void Map<TRequest, TResponse>(
        string method, string path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map<TRequest, TResponse>(
            method, path, permission, on, (context, values, request, caller) => handle(values, request, caller, context.RequestAborted));

    /// <summary>Maps a path whose handler reads or writes headers besides the records.</summary>
    public void Map<TRequest, TResponse>(
        string method, string path, Permission permission, Func<RouteValues, TRequest, Target> on, Func<HttpContext, RouteValues, TRequest, Caller, Task<TResponse>> handle)
        where TRequest : class => Map(method, path, permission, async (context, values, caller) =>
    {
        var request = await RequestDecoder.ReadAsync<TRequest>(context);
        caller = caller.For(new Demand(permission, () => on(values, request)));
        var answer = await handle(context, values, request, caller);
        Judged(caller, path);
        await Answer.WriteAsync(context, answer);
    });

    /// <summary>Maps an endpoint whose bodies are not records. The handler judges by reading through the caller's rights.</summary>
    public void Add(string method, string path, Permission permission, Func<HttpContext, RouteValues, Target> on, RouteHandler handler) =>
        Map(method, path, permission, async (context, values, caller) =>
        {
            caller = caller.For(new Demand(permission, () => on(context, values)));
            await handler(context, values, caller);
            Judged(caller, path);
        });

    /// <summary>Maps an endpoint that finds its caller out by itself, and answers by what it gives back once that is judged.</summary>
    public void Add(string method, string path, Permission permission, Func<HttpContext, RouteValues, Caller, Task<(Caller Caller, Func<Task> Answer)>> handler) =>
        Map(method, path, permission, async (context, values, caller) =>
        {
            var (judged, answer) = await handler(context, values, caller);
            Judged(judged, path);
            await answer();
        });

    private void Map(string method, string path, Permission permission, RouteHandler handler)
    {
        foreach (var prefix in prefixes)
        {
            table.Add(new Route(method, prefix + path, permission, (context, values, caller) =>
            {
                RefuseWorkspace(context);
                return handler(context, values, caller);
            })
            { Shape = Shape });
        }
    }

    // A handler that reads past the caller's rights is our mistake, and is found by the first request of any test.
    private static void Judged(Caller caller, string path)
    {
        if (!caller.WasJudged)
        {
            throw new InvalidOperationException($"{path} answers without having judged its caller.");
        }
    }

    private static void RefuseWorkspace(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(WorkspaceHeader, out var workspace) && !string.IsNullOrWhiteSpace(workspace))
        {
            throw Fault.Invalid($"Workspaces are not enabled on this server, and the request names one in {WorkspaceHeader}.");
        }
    }

    private void Map<TRequest, TResponse>(string method, string path, Permission permission, Func<TRequest, Target> on, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map<TRequest, TResponse>(
            method, path, permission, (_, request) => on(request), (_, request, caller, cancellationToken) => handle(request, caller, cancellationToken));
}
