using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Routing;
using Slipway.Wire.Native;

namespace Slipway.Server.Native;

/// <summary>Serves the description of the native API.</summary>
internal static class NativeDescription
{
    private const string Path = NativeApi.Prefix + "openapi.json";

    /// <summary>Maps it; what is mapped afterwards is described too.</summary>
    public static void Map(RouteTable table, string prefix)
    {
        var document = new Lazy<byte[]>(() => Encoding.UTF8.GetBytes(OpenApiDocument.Of(table.Routes, prefix).ToJsonString()));
        table.Add(new Route(HttpMethods.Get, Path, Permission.Known, async (context, _, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = document.Value.Length;
            await context.Response.BodyWriter.WriteAsync(document.Value, context.RequestAborted);
        }));
    }
}
