using Microsoft.AspNetCore.Http;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>What the server says about stored artifacts, in the forms that clients read.</summary>
internal static class ArtifactAnswers
{
    /// <summary>Sends a file, or the range of it that is asked for, with one buffer; only the head of it for HEAD.</summary>
    public static async Task SendAsync(HttpContext context, ArtifactStore store, ArtifactPath path)
    {
        await using var content = await store.OpenReadAsync(path, context.RequestAborted);
        context.Response.Headers.ContentDisposition = ContentHeaders.DispositionOf(path.Name);
        await Results.Stream(content.Stream, ContentHeaders.TypeOf(path.Name), enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>A listing whose names are seen from a folder; from the listed one itself these are base names.</summary>
    public static async Task<IReadOnlyList<ArtifactFile>?> ListAsync(ArtifactStore store, ArtifactPath folder, ArtifactPath from, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(folder, cancellationToken);
        return entries.Count == 0 ? null : [.. entries.Select(entry => new ArtifactFile(entry.Path.From(from), entry.IsFolder, entry.IsFolder ? null : entry.Size))];
    }
}
