using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Artifacts;
using Slipway.Server.Checks;
using Slipway.Server.Datasets;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Auditing;
using Slipway.Wire.Content;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Content;

/// <summary>The native endpoints of uploads that send only what is missing.</summary>
internal sealed class UploadRoutes(Spine spine)
{
    private readonly NegotiatedUploads _uploads = spine.Uploads;
    private readonly DraftUploads _drafts = new(spine);

    public void Map(NativeRoutes native)
    {
        native.Post<BeginUploadRequest, UploadResponse>(new("uploads", "Begins to upload an artifact of which only what is missing is sent, or finds the same upload again."), Permission.Edit, (_, wire) => Target.Artifact(PathOf(wire)), (_, wire, caller, cancellationToken) =>
            BeginAsync(caller, Decode(caller, UploadPlace.Artifact(PathOf(wire)), (wire.Sha256, wire.Size)), wire.BasePath is { Length: > 0 } from ? ArtifactPath.Parse(from) : null, cancellationToken));
        native.Post<BeginDatasetUploadRequest, UploadResponse>(new("datasets/{name}/drafts/{draft}/uploads", "Begins to upload a file of a version that is being sent, of which only what is missing is sent, or finds the same upload again."), Permission.Edit, (values, _) => Target.Dataset(values.First), (values, wire, caller, cancellationToken) =>
            BeginAsync(caller, (DraftUploads.Decode(values.First, values.Second, wire), wire), cancellationToken));
        native.Get<PathRequest, UploadResponse>(new("uploads/{id}", "Tells how far an upload of the caller's has come."), Permission.Edit, (values, _) => Target.Upload(values.First), async (values, _, caller, cancellationToken) =>
            ToWire(await GetAsync(caller, values.First, cancellationToken)));
        native.Add(HttpMethods.Get, new("uploads/{id}/base", "Lists the chunks of an upload's base, each as its length in 4 bytes, little-endian, and the 32 bytes of its SHA-256."), Permission.Edit, (_, values) => Target.Upload(values.First), SendBaseAsync);
        native.Add(HttpMethods.Put, new("uploads/{id}/runs", "Takes in what comes next of an upload, from the position in the query on: runs of bytes, and of the base's chunks."), Permission.Edit, (_, values) => Target.Upload(values.First), ReceiveAsync);
        native.Post<PathRequest, UploadedResponse>(new("uploads/{id}/complete", "Checks what has come and gives the artifact its name, or puts the file into its draft."), Permission.Edit, (values, _) => Target.Upload(values.First), (values, _, caller, cancellationToken) =>
            CompleteAsync(caller, values.First, cancellationToken));
        native.Delete<PathRequest, EmptyResponse>(new("uploads/{id}", "Breaks an upload off."), Permission.Edit, (values, _) => Target.Upload(values.First), async (values, _, caller, cancellationToken) =>
        {
            await _uploads.AbandonAsync(await GetAsync(caller, values.First, cancellationToken));
            return EmptyResponse.Value;
        });
    }

    // By the account and not by its name, which another may have one day.
    private static string OwnerOf(Caller caller) => string.Create(CultureInfo.InvariantCulture, $"{caller.Principal.Id ?? 0}");

    private static ArtifactPath PathOf(BeginUploadRequest wire) => ArtifactPath.Parse(Require.Text(wire.Path, "path"));

    private static UploadRow Decode(Caller caller, UploadPlace place, (string? Sha256, long? Size) announced)
    {
        var sha256 = Require.Text(announced.Sha256, "sha256").ToLowerInvariant();
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit))
        {
            throw Fault.Invalid("Parameter 'sha256' must be 64 hexadecimal digits.");
        }

        var size = announced.Size is { } given and >= 0 ? given : throw Fault.Invalid("Parameter 'size' must be a number of bytes.");
        return new UploadRow("", OwnerOf(caller), place, null, new StoredContent(sha256, size));
    }

    private static UploadResponse ToWire(UploadRow row) => new(row.Id, row.Position, row.Expected.Size) { BaseSha256 = row.Base?.Sha256 };

    private static long PositionOf(HttpContext context) =>
        long.TryParse(context.Request.Query["position"], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw Fault.Invalid("Parameter 'position' must be a number of bytes.");

    private async Task<UploadResponse> BeginAsync(Caller caller, UploadRow wanted, ArtifactPath? from, CancellationToken cancellationToken) => ToWire(await spine.WriteAsync(
        caller,
        async (writer, token) =>
        {
            await spine.Artifacts.DemandFreeAsync(writer, wanted.For.Path!, token);
            return await _uploads.BeginAsync(writer, wanted with { Base = from is null ? null : await BaseAsync(writer, caller, from, token) }, token);
        },
        cancellationToken));

    private Task<UploadResponse> BeginAsync(Caller caller, (DraftFile File, BeginDatasetUploadRequest Wire) asked, CancellationToken cancellationToken)
    {
        var (file, wire) = asked;
        var wanted = Decode(caller, UploadPlace.Of(file), (wire.Sha256, wire.Size));
        return spine.WriteAsync(caller, async (writer, token) =>
        {
            if (await _drafts.IsThereAsync(writer, caller, (file, wanted.Expected), token))
            {
                return new UploadResponse("", wanted.Expected.Size, wanted.Expected.Size) { IsDone = true };
            }

            return ToWire(await _uploads.BeginAsync(writer, wanted with { Base = wire.BaseVersion is { Length: > 0 } version ? await BaseAsync(writer, caller, (file, version, wire.BasePath), token) : null }, token));
        }, cancellationToken);
    }

    private async Task<UploadBase?> BaseAsync(Reader reader, Caller caller, (DraftFile File, string Version, string? Path) named, CancellationToken cancellationToken)
    {
        var reference = DatasetReference.Of(named.File.Dataset, named.Version);
        await JudgeReaderAsync(reader, caller, UploadPlace.Of(named.File), cancellationToken);
        return await DraftUploads.BaseAsync(reader, reference, string.IsNullOrEmpty(named.Path) ? named.File.Path : named.Path, cancellationToken);
    }

    // Whether there is anything is told only to those who may read there.
    private async Task<UploadBase?> BaseAsync(Reader reader, Caller caller, ArtifactPath path, CancellationToken cancellationToken)
    {
        var place = UploadPlace.Artifact(path);
        await JudgeReaderAsync(reader, caller, place, cancellationToken);
        return await ArtifactNames.FindAsync(reader, path, cancellationToken) is { Sha256: { } sha256 } ? new UploadBase(place, sha256) : null;
    }

    private Task JudgeReaderAsync(Reader reader, Caller caller, UploadPlace place, CancellationToken cancellationToken) =>
        spine.Rights.JudgeAsync(reader, caller.For(new Demand(Permission.Read, () => place.Target)), cancellationToken);

    private static async Task<UploadRow> FindAsync(Reader reader, Caller caller, string id, CancellationToken cancellationToken) =>
        await ContentUploads.FindAsync(reader, id, OwnerOf(caller), cancellationToken) ?? throw Fault.NotFound($"You have no upload '{Text.Shorten(id)}' under way.");

    private Task<UploadRow> GetAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        spine.ReadAsync(caller, reader => FindAsync(reader, caller, id, cancellationToken), cancellationToken);

    /// <summary>The upload, if its base may still be read.</summary>
    private Task<UploadRow> GetWithBaseAsync(Caller caller, string id, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var row = await FindAsync(reader, caller, id, cancellationToken);
        if (row.Base is { } from)
        {
            await JudgeReaderAsync(reader, caller, from.Place, cancellationToken);
            if (from.Place.Version is { } version)
            {
                // What was purged meanwhile is nobody's base.
                (await DatasetVersions.GetAsync(reader, version.Dataset, version.Version, cancellationToken)).Kept();
            }
        }

        return row;
    }, cancellationToken);

    private async Task ReceiveAsync(HttpContext context, RouteValues values, Caller caller)
    {
        var row = await GetWithBaseAsync(caller, values.First, context.RequestAborted);
        var position = PositionOf(context);
        if (row.IsDone || row.Position != position)
        {
            throw Fault.Conflict(row.IsDone ? "The upload is complete." : $"The upload stands at byte {row.Position}, not {position}.");
        }

        row = row with { Position = await _uploads.ReceiveAsync(row, context.Request.Body, context.RequestAborted) };
        await Answer.WriteAsync(context, ToWire(row));
    }

    private async Task SendBaseAsync(HttpContext context, RouteValues values, Caller caller)
    {
        var row = await GetWithBaseAsync(caller, values.First, context.RequestAborted);
        var from = row.Base ?? throw Fault.NotFound("The upload has no base.");
        context.Response.ContentType = "application/octet-stream";
        await foreach (var parts in spine.Contents.PartsAsync(from.Sha256, from.Place.Name, context.RequestAborted))
        {
            await context.Response.Body.WriteAsync(Encode(parts), context.RequestAborted);
        }
    }

    private static byte[] Encode(IReadOnlyList<Part> parts)
    {
        var bytes = new byte[parts.Count * BaseChunk.EncodedLength];
        for (var i = 0; i < parts.Count; i++)
        {
            new BaseChunk(parts[i].Length, parts[i].Sha256).Write(bytes.AsSpan(i * BaseChunk.EncodedLength, BaseChunk.EncodedLength));
        }

        return bytes;
    }

    private async Task<UploadedResponse> CompleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var row = await GetAsync(caller, id, cancellationToken);
        var stored = row.For.Draft is { } draft
            ? await _drafts.CompleteAsync(caller, row, draft, cancellationToken)
            : await CompleteAsync(caller, row, row.For.Path!, cancellationToken);
        return new UploadedResponse(stored.Sha256, stored.Size);
    }

    private async Task<StoredContent> CompleteAsync(Caller caller, UploadRow row, ArtifactPath path, CancellationToken cancellationToken)
    {
        var stored = await _uploads.CompleteAsync(row, spine.GuardFor(caller), (writer, content, token) => spine.Artifacts.NameAsync(writer, path, content, token), cancellationToken);
        await spine.Artifacts.NoticeAsync(path, cancellationToken);
        return stored;
    }
}
