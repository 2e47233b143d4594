using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Artifacts;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Takes versions in: a draft is begun, its files are stored one by one, and one change makes it a version.</summary>
internal sealed class DatasetUploads(Spine spine)
{
    private const int IdLength = 16;
    private const int KeyLimit = 250;

    /// <summary>Begins a draft, or finds the one that the caller began under the same key.</summary>
    public Task<DraftRow> BeginAsync(Caller caller, string name, BeginDatasetDraftRequest wire, CancellationToken cancellationToken)
    {
        var draft = new DraftRow("", DatasetName.Check(name), SemanticVersion.Parse(Checks.Require.Text(wire.Version, "version")).Text, caller.Name);
        draft = draft with { Id = IdOf(draft, Checks.Text.Within(wire.Key ?? "", KeyLimit, "key")) };
        return spine.WriteAsync(caller, async (writer, token) =>
        {
            // Before gigabytes are sent for nothing.
            (await DatasetVersions.FindAsync(writer, draft.Dataset, draft.Version, token))?.Kept();
            await DatasetDrafts.ExpireAsync(writer, spine.Now, token);
            if (await DatasetDrafts.FindAsync(writer, draft.Id, token) is { } begun)
            {
                return await DatasetDrafts.HoldAsync(writer, new DraftReference(begun.Dataset, begun.Id, begun.Creator), spine.Now, token);
            }

            await DatasetDrafts.AddAsync(writer, draft, spine.Now, token);
            return draft;
        }, cancellationToken);
    }

    /// <summary>Stores a file of a draft. What is a table is profiled on the way, in the same pass.</summary>
    /// <exception cref="Fault">The path is none, the draft is gone, or the table can't be read.</exception>
    public async Task<DatasetFileRow> ReceiveAsync(Caller caller, DraftReference draft, IncomingFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreAsync(caller, draft, file, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            // Said at once, to those who listen while they send; of all others' bodies a few seconds more are read.
            file.GiveUp();
            throw;
        }
    }

    /// <summary>Makes a draft a version, unless the version is there with the same content.</summary>
    /// <exception cref="Fault">The version is there with other content.</exception>
    public async Task<AddedDatasetVersion> CompleteAsync(Caller caller, AddDatasetVersion request, CancellationToken cancellationToken)
    {
        // The same again is no change, and leaves nothing in the audit log.
        var same = await spine.ReadAsync(caller, async reader =>
        {
            await IdempotencyRule.RefuseRepetitionAsync(reader, caller, cancellationToken);
            var draft = await DatasetDrafts.GetAsync(reader, new DraftReference(request.Name, request.Draft, caller.Name), cancellationToken);
            return await request.FindSameAsync(reader, draft, DatasetContent.Of(await DatasetDrafts.FilesAsync(reader, draft.Id, cancellationToken)), cancellationToken);
        }, cancellationToken);
        var added = same is null ? await spine.MakeAsync(caller, request, cancellationToken) : new AddedVersion(same, IsAdded: false);
        if (same is not null)
        {
            await ForgetAsync(caller, request.Draft, cancellationToken);
        }

        return new AddedDatasetVersion(added.IsAdded, await spine.ReadAsync(caller, reader => DatasetViews.ShowAsync(reader, added.Row, cancellationToken), cancellationToken));
    }

    /// <summary>Stores a version of one file in one go.</summary>
    public async Task<AddedDatasetVersion> AddAsync(Caller caller, (string Name, string Version) named, PutDatasetVersionRequest wire, IncomingFile file, CancellationToken cancellationToken)
    {
        var draft = await BeginAsync(caller, named.Name, new BeginDatasetDraftRequest(named.Version), cancellationToken);
        try
        {
            await ReceiveAsync(caller, new DraftReference(draft.Dataset, draft.Id, caller.Name), file, cancellationToken);
            var request = new AddDatasetVersionRequest(draft.Version, draft.Id) { Description = wire.Description, Source = wire.Source };
            return await CompleteAsync(caller, AddDatasetVersion.Decode(draft.Dataset, request), cancellationToken);
        }
        catch (Fault)
        {
            await ForgetAsync(caller, draft.Id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Forgets a draft of the caller; nothing happens when there is none.</summary>
    public Task<bool> ForgetAsync(Caller caller, string id, CancellationToken cancellationToken) => spine.WriteAsync(caller, async (writer, token) =>
    {
        if (await DatasetDrafts.FindAsync(writer, id, token) is { } draft && draft.Creator == caller.Name)
        {
            await DatasetDrafts.RemoveAsync(writer, id, spine.Now, token);
            return true;
        }

        return false;
    }, cancellationToken);

    // A draft is there for whoever sends it only, so its id need not be a secret.
    private static string IdOf(DraftRow draft, string key) => Convert.ToHexStringLower(key.Length == 0
        ? RandomNumberGenerator.GetBytes(IdLength)
        : SHA256.HashData(Encoding.UTF8.GetBytes($"{draft.Creator}\n{draft.Dataset}\n{draft.Version}\n{key}")).AsSpan(0, IdLength));

    private async Task<DatasetFileRow> StoreAsync(Caller caller, DraftReference draft, IncomingFile file, CancellationToken cancellationToken)
    {
        var path = ArtifactPath.Parse(Checks.Require.Text(file.Path, "path")).Text;
        var format = TableFormats.Choose(file.Format, path);
        await spine.ReadAsync(caller, reader => DatasetDrafts.GetAsync(reader, draft, cancellationToken), cancellationToken);
        await using var upload = await spine.Contents.BeginAsync(cancellationToken);
        var profile = format is { } table ? await ProfiledBody.ReceiveAsync(upload.ReceiveAsync, file.Body, table, cancellationToken) : null;
        if (profile is null)
        {
            await upload.ReceiveAsync(file.Body, cancellationToken);
        }

        var row = new DatasetFileRow(path, Size: 0, Sha256: "") { Format = format, TableDigest = profile?.Digest, Samples = profile?.Rows, Features = profile?.Columns.Count };
        var stored = await upload.CompleteAsync((writer, content, token) =>
            DatasetDrafts.PutFileAsync(writer, draft, (row with { Size = content.Size, Sha256 = content.Sha256 }, profile), spine.Now, token));
        return row with { Size = stored.Size, Sha256 = stored.Sha256 };
    }
}

/// <summary>A file on its way in.</summary>
/// <param name="Path">Where it is to be in the version.</param>
/// <param name="Format">How it is to be read; null to go by its name.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="GiveUp">Tells the sender that the rest of them is of no use.</param>
internal sealed record IncomingFile(string? Path, string? Format, Stream Body, Action GiveUp)
{
    public static IncomingFile Of(HttpContext context, string? path, string? format) =>
        new(path, format, context.Request.Body, () => context.Response.Headers.Connection = "close");
}
