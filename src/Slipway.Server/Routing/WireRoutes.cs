using Microsoft.AspNetCore.Http;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Maps MLflow's endpoints under each prefix that a client may use, with one handler for all.</summary>
internal sealed class WireRoutes(RouteTable table, params string[] prefixes)
{
    private const string WorkspaceHeader = "X-MLFLOW-WORKSPACE";

    /// <summary>The same endpoints under the paths of 1.26 too.</summary>
    public WireRoutes AndPreview() =>
        new(table, [.. prefixes, .. prefixes.Select(prefix => prefix.Replace("/2.0/", "/2.0/preview/", StringComparison.Ordinal))]);

    public void Get<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Get, path, permission, handle);

    public void Post<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Post, path, permission, handle);

    public void Patch<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Patch, path, permission, handle);

    public void Delete<TRequest, TResponse>(string path, Permission permission, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map(HttpMethods.Delete, path, permission, handle);

    /// <summary>Maps a path with values in it.</summary>
    public void Map<TRequest, TResponse>(string method, string path, Permission permission, Func<RouteValues, TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Add(method, path, permission, async (context, values) =>
    {
        var request = await RequestDecoder.ReadAsync<TRequest>(context);
        await Answer.WriteAsync(context, await handle(values, request, Caller.Of(context), context.RequestAborted));
    });

    /// <summary>Maps an endpoint whose bodies are not records.</summary>
    public void Add(string method, string path, Permission permission, RouteHandler handler)
    {
        foreach (var prefix in prefixes)
        {
            table.Add(new Route(method, prefix + path, permission, (context, values) =>
            {
                RefuseWorkspace(context);
                return handler(context, values);
            }));
        }
    }

    private static void RefuseWorkspace(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(WorkspaceHeader, out var workspace) && !string.IsNullOrWhiteSpace(workspace))
        {
            throw Fault.Invalid($"Workspaces are not enabled on this server, and the request names one in {WorkspaceHeader}.");
        }
    }

    private void Map<TRequest, TResponse>(string method, string path, Permission permission, Func<TRequest, Caller, CancellationToken, Task<TResponse>> handle)
        where TRequest : class => Map<TRequest, TResponse>(method, path, permission, (_, request, caller, cancellationToken) => handle(request, caller, cancellationToken));
}
