using Microsoft.AspNetCore.Http;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>The endpoints through which clients reach stored artifacts by their path.</summary>
internal static class ProxyRoutes
{
    private const string One = "artifacts/{path*}";

    public static void Map(RouteTable table, ArtifactStore store)
    {
        var proxy = new WireRoutes(table, "/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/");
        proxy.Get("artifacts", Permission.Read, (ListProxiedArtifactsRequest wire, Caller _, CancellationToken _) =>
        {
            var folder = ArtifactPath.ParseFolder(wire.Path);
            return Task.FromResult(new ArtifactFilesResponse(ArtifactAnswers.List(store, folder, from: folder)));
        });
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            proxy.Add(method, One, Permission.Read, (context, values) => ArtifactAnswers.SendAsync(context, store, ArtifactPath.ParseEncoded(values.RawFirst)));
        }

        proxy.Add(HttpMethods.Put, One, Permission.Edit, async (context, values) =>
        {
            await store.WriteAsync(ArtifactPath.ParseEncoded(values.RawFirst), context.Request.Body, context.RequestAborted);
            await Answer.WriteAsync(context, EmptyResponse.Value);
        });
        proxy.Add(HttpMethods.Delete, One, Permission.Manage, async (context, values) =>
        {
            await store.DeleteAsync(ArtifactPath.ParseEncoded(values.RawFirst), Caller.Of(context).Actor, context.RequestAborted);
            await Answer.WriteAsync(context, EmptyResponse.Value);
        });
        MapWhatIsNotDone(proxy);
    }

    // Clients look for the beginnings of these sentences, and then send or fetch the file in one piece.
    private static void MapWhatIsNotDone(WireRoutes proxy)
    {
        foreach (var step in new[] { "create", "complete", "abort" })
        {
            proxy.Add(HttpMethods.Post, $"mpu/{step}/{{path*}}", Permission.Edit, (_, values) => Refuse(values, "Multipart upload is not supported for the current artifact repository"));
        }

        proxy.Add(HttpMethods.Get, "presigned/{path*}", Permission.Read, (_, values) => Refuse(values, "Multipart download is not supported for the current artifact repository"));

        static Task Refuse(RouteValues values, string message)
        {
            ArtifactPath.ParseEncoded(values.RawFirst);
            throw Fault.NotImplemented(message);
        }
    }
}
