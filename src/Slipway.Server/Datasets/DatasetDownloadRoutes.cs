using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>The native endpoint that gives a version's files out, whole or in ranges.</summary>
internal static class DatasetDownloadRoutes
{
    public static void Map(NativeRoutes native, Spine spine)
    {
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            native.Add<GetDatasetFileRequest>(method, new NativePath("datasets/{name}/versions/{version}/file", "Gives out a file of a version, byte for byte."), Permission.Read, (_, values) => Target.Dataset(values.First), async (context, values, wire, caller) =>
            {
                var reference = DatasetReference.Of(values.First, values.Second);
                var (file, content) = await spine.ReadAsync(caller, reader => OpenAsync(spine.Contents, reader, (reference, wire.Path), context.RequestAborted), context.RequestAborted);
                await using (content)
                {
                    await SendAsync(context, file, content);
                }
            });
        }
    }

    private static async Task<(DatasetFileRow File, ObjectStream Content)> OpenAsync(ContentStore contents, Reader reader, (DatasetReference Version, string? Path) wanted, CancellationToken cancellationToken)
    {
        var version = (await DatasetVersions.GetAsync(reader, wanted.Version, cancellationToken)).Kept();
        var file = await FindAsync(reader, version, wanted.Path, cancellationToken);
        return (file, await DatasetFiles.OpenAsync(contents, reader, (version, file), cancellationToken));
    }

    private static async Task<DatasetFileRow> FindAsync(Reader reader, DatasetVersionRow version, string? path, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(path))
        {
            return await DatasetFiles.FindAsync(reader, version.Id, path, cancellationToken) ?? throw Fault.NotFound($"{version.Reference} has no file '{Checks.Text.Shorten(path)}'.");
        }

        var first = await DatasetFiles.ListAsync(reader, version.Id, ("", 2), cancellationToken);
        return first is [var only] ? only : throw Fault.Invalid($"{version.Reference} has {version.Files} files. Name one by its path, such as '{first[0].Path}'.");
    }

    private static Task SendAsync(HttpContext context, DatasetFileRow file, ObjectStream content)
    {
        var name = ArtifactPath.Stored(file.Path).Name;
        context.Response.Headers.ContentDisposition = ContentHeaders.DispositionOf(name);

        // RFC 9530: of the whole file, also where a range of it is sent.
        context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Sha256))}:";
        return Results.Stream(content, ContentHeaders.TypeOf(name), entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true).ExecuteAsync(context);
    }
}
