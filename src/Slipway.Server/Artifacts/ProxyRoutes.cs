using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>The endpoints through which clients reach stored artifacts by their path.</summary>
internal static class ProxyRoutes
{
    private const string One = "artifacts/{path*}";

    public static void Map(RouteTable table, Spine spine)
    {
        var (store, proxy) = (spine.Artifacts, new WireRoutes(table, "/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/"));
        proxy.Get("artifacts", Permission.Read, wire => Target.Artifact(ArtifactPath.ParseFolder(wire.Path)), async (ListProxiedArtifactsRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var folder = ArtifactPath.ParseFolder(wire.Path);
            await spine.JudgeAsync(caller, cancellationToken);
            return new ArtifactFilesResponse(await ArtifactAnswers.ListAsync(store, folder, from: folder, cancellationToken));
        });
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            MapOne(proxy, method, Permission.Read, spine, (context, path, _) => ArtifactAnswers.SendAsync(context, store, path));
        }

        MapOne(proxy, HttpMethods.Put, Permission.Edit, spine, async (context, path, _) =>
        {
            await store.WriteAsync(path, context.Request.Body, context.RequestAborted);
            await Answer.WriteAsync(context, EmptyResponse.Value);
        });
        MapOne(proxy, HttpMethods.Delete, Permission.Manage, spine, async (context, path, caller) =>
        {
            await store.DeleteAsync(path, caller, context.RequestAborted);
            await Answer.WriteAsync(context, EmptyResponse.Value);
        });
        MapWhatIsNotDone(proxy, spine);
    }

    // The files are no rows: whoever may not touch them is refused before they are.
    private static void MapOne(WireRoutes proxy, string method, Permission permission, Spine spine, Func<HttpContext, ArtifactPath, Caller, Task> handle) =>
        proxy.Add(method, One, permission, (_, values) => Target.Artifact(ArtifactPath.ParseEncoded(values.RawFirst)), async (context, values, caller) =>
        {
            var path = ArtifactPath.ParseEncoded(values.RawFirst);
            await spine.JudgeAsync(caller, context.RequestAborted);
            await handle(context, path, caller);
        });

    // Clients look for the beginnings of these sentences, and then send or fetch the file in one piece.
    private static void MapWhatIsNotDone(WireRoutes proxy, Spine spine)
    {
        foreach (var step in new[] { "create", "complete", "abort" })
        {
            Refuse(HttpMethods.Post, $"mpu/{step}/{{path*}}", Permission.Edit, "Multipart upload is not supported for the current artifact repository");
        }

        Refuse(HttpMethods.Get, "presigned/{path*}", Permission.Read, "Multipart download is not supported for the current artifact repository");

        void Refuse(string method, string path, Permission permission, string message) =>
            proxy.Add(method, path, permission, (_, values) => Target.Artifact(ArtifactPath.ParseEncoded(values.RawFirst)), async (context, values, caller) =>
            {
                ArtifactPath.ParseEncoded(values.RawFirst);
                await spine.JudgeAsync(caller, context.RequestAborted);
                throw Fault.NotImplemented(message);
            });
    }
}
