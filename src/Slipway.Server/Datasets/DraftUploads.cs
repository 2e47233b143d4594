using System.Security.Cryptography;
using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Files of drafts of which only what is missing is sent: what is theirs of such an upload.</summary>
internal sealed class DraftUploads(Spine spine)
{
    /// <summary>The place of a file in a draft.</summary>
    /// <exception cref="Fault">The path is none.</exception>
    public static DraftFile Decode(string dataset, string draft, BeginDatasetUploadRequest wire)
    {
        var path = ArtifactPath.Parse(Checks.Require.Text(wire.Path, "path")).Text;
        return new DraftFile(dataset, draft, TableFormats.Choose(wire.Format, path), path);
    }

    /// <summary>Whether the caller has sent that file before.</summary>
    /// <exception cref="Fault">The caller has no such draft.</exception>
    public async Task<bool> IsThereAsync(Writer writer, Caller caller, (DraftFile File, StoredContent Content) wanted, CancellationToken cancellationToken)
    {
        var file = wanted.File;
        await DatasetDrafts.HoldAsync(writer, new DraftReference(file.Dataset, file.Draft, caller.Name), spine.Now, cancellationToken);
        return await DatasetDrafts.FindFileAsync(writer, file.Draft, file.Path, cancellationToken) is { } there
            && there.Format == file.Format && there.Sha256 == wanted.Content.Sha256 && there.Size == wanted.Content.Size;
    }

    /// <summary>The file of a version that a request names, as a base; null when it has no file of this path.</summary>
    /// <exception cref="Fault">There is no such version, or it was purged.</exception>
    public static async Task<UploadBase?> BaseAsync(Reader reader, DatasetReference version, string path, CancellationToken cancellationToken)
    {
        var row = (await DatasetVersions.GetAsync(reader, version, cancellationToken)).Kept();
        return await DatasetFiles.FindAsync(reader, row.Id, path, cancellationToken) is { } file ? new UploadBase(UploadPlace.Of(new VersionFile(row.Name, row.Version, path)), file.Sha256) : null;
    }

    /// <summary>Checks what has come, reads it as a table if it is one, and puts it into the draft.</summary>
    /// <exception cref="Fault">It is not what was announced, or the table can't be read.</exception>
    public async Task<StoredContent> CompleteAsync(Caller caller, UploadRow upload, DraftFile file, CancellationToken cancellationToken)
    {
        if (upload.IsDone)
        {
            return upload.Expected;
        }

        var profile = await ReadAsync(upload, file.Format, cancellationToken);
        var row = new DatasetFileRow(file.Path, upload.Expected.Size, upload.Expected.Sha256) { Format = file.Format, TableDigest = profile?.Digest, Samples = profile?.Rows, Features = profile?.Columns.Count };
        return await spine.WriteAsync(caller, async (writer, token) =>
        {
            await spine.Uploads.WriteDownAsync(writer, upload, token);
            await DatasetDrafts.PutFileAsync(writer, new DraftReference(file.Dataset, file.Draft, caller.Name), (row, profile), spine.Now, token);
            return upload.Expected;
        }, cancellationToken);
    }

    private async Task<TableProfile?> ReadAsync(UploadRow upload, TableFormat? format, CancellationToken cancellationToken)
    {
        TableProfile? profile = null;
        try
        {
            await spine.Uploads.VerifyAsync(upload, HashAsync, cancellationToken);
            return profile;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            // What is wrong with it stays wrong.
            await spine.Uploads.AbandonAsync(upload);
            throw;
        }

        async Task<byte[]> HashAsync(Stream content, CancellationToken token)
        {
            byte[] hash = [];
            if (format is { } table)
            {
                profile = await ProfiledBody.ReceiveAsync(async (body, ending) => hash = await SHA256.HashDataAsync(body, ending), content, table, token);
                return hash;
            }

            return await SHA256.HashDataAsync(content, token);
        }
    }
}
