using Microsoft.AspNetCore.Http;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>What the server says about stored artifacts, in the forms that clients read.</summary>
internal static class ArtifactAnswers
{
    private const int BufferSize = 256 << 10;

    /// <summary>Sends a file, or the range of it that is asked for; only the head of it for HEAD.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="store">Where from.</param>
    /// <param name="path">The file.</param>
    /// <param name="version">The internal id of the registered version of which it is a file; null when it was not asked for as one.</param>
    public static async Task SendAsync(HttpContext context, ArtifactStore store, ArtifactPath path, long? version = null)
    {
        await using var content = await store.OpenReadAsync(path, version, context.RequestAborted);
        context.Response.Headers.ContentDisposition = ContentHeaders.DispositionOf(path.Name);
        await (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Range.Count == 0
            ? SendWholeAsync(context, content, ContentHeaders.TypeOf(path.Name))
            : Results.Stream(content.Stream, ContentHeaders.TypeOf(path.Name), enableRangeProcessing: true).ExecuteAsync(context));
    }

    // As the framework does it, but in pieces as large as the store gives them: it would ask for 64 KiB at a time.
    private static async Task SendWholeAsync(HttpContext context, ArtifactContent content, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Size;
        context.Response.Headers.AcceptRanges = "bytes";
        try
        {
            await content.Stream.CopyToAsync(context.Response.Body, BufferSize, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    /// <summary>A listing whose names are seen from a folder; from the listed one itself these are base names.</summary>
    public static async Task<IReadOnlyList<ArtifactFile>?> ListAsync(ArtifactStore store, ArtifactPath folder, ArtifactPath from, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(folder, cancellationToken);
        return entries.Count == 0 ? null : [.. entries.Select(entry => new ArtifactFile(entry.Path.From(from), entry.IsFolder, entry.IsFolder ? null : entry.Size))];
    }
}
