using Microsoft.AspNetCore.Http;
using Slipway.Server.Routing;
using Slipway.Wire;

namespace Slipway.Server;

/// <summary>Everything that the server answers, feature by feature.</summary>
internal static class ServerRoutes
{
    /// <summary>What 3.x clients read to learn whether spans can be sent here: below 3.4 they can't.</summary>
    private const string ContractVersion = "3.3.0";

    public static Task<RouteTable> BuildAsync(Spine spine, ServerOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var table = new RouteTable(options.StaticPrefix);
        MapProbes(table);
        _ = spine;
        return Task.FromResult(table);
    }

    private static void MapProbes(RouteTable table)
    {
        AddText(table, "/health", "OK");
        AddText(table, "/version", ContractVersion);
        AddText(table, "/", "Slipway is running. Point an MLflow client at this address: MLFLOW_TRACKING_URI.");
        foreach (var prefix in new[] { "/api/3.0/mlflow/", "/ajax-api/3.0/mlflow/" })
        {
            table.Add(new Route(HttpMethods.Get, prefix + "server-info", Permission.Known, (context, _) => Answer.WriteAsync(context, new ServerInfoResponse("SqlStore", WorkspacesEnabled: false))));
        }
    }

    private static void AddText(RouteTable table, string path, string text)
    {
        table.Add(new Route(HttpMethods.Get, path, Permission.None, (context, _) =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(text, context.RequestAborted);
        }));
        table.Add(new Route(HttpMethods.Head, path, Permission.None, (context, _) => Task.CompletedTask));
    }
}
