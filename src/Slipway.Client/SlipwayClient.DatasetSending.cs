using System.Security.Cryptography;
using System.Text;
using Slipway.Wire;
using Slipway.Wire.Content;
using Slipway.Wire.Datasets;
using Slipway.Wire.Native;

namespace Slipway.Client;

/// <content>Sends versions of datasets.</content>
public sealed partial class SlipwayClient
{
    // What is smaller is sent before it is known what of it is missing.
    private const long WorthAsking = 256 << 10;

    /// <summary>
    /// Adds an immutable version of a dataset, and the dataset with its first one. Nobody sees any of it before all of it is
    /// there. Of files that are much the same as those of another version only what is missing is sent; when it was interrupted,
    /// the same call goes on where that one stopped, for a day.
    /// </summary>
    /// <param name="name">The dataset.</param>
    /// <param name="request">The version, and what is said about it; its draft is made here.</param>
    /// <param name="files">What it consists of; tables are profiled by the server. Those that can seek are read twice, and must not change meanwhile.</param>
    /// <param name="how">Upon which version; null takes the latest.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>The version; the same content again changes nothing, and other content fails with <c>RESOURCE_ALREADY_EXISTS</c>.</returns>
    public async Task<AddedDatasetVersion> AddDatasetVersionAsync(string name, AddDatasetVersionRequest request, IReadOnlyList<DatasetUpload> files, DatasetSending? how = null, CancellationToken cancellationToken = default)
    {
        how ??= new DatasetSending();
        var hashes = await HashAsync(files, cancellationToken);
        try
        {
            return await AddAsync(name, request, (files, hashes, KeyOf(files, hashes)), how, cancellationToken);
        }
        catch (SlipwayException exception) when (exception.Code == ErrorCode.ResourceDoesNotExist && hashes.Count == files.Count)
        {
            // Somebody of the same account has sent the same, and completed our draft: then it is there already.
            return await AddAsync(name, request, (files, hashes, null), how, cancellationToken);
        }
    }

    private async Task<AddedDatasetVersion> AddAsync(
        string name,
        AddDatasetVersionRequest request,
        (IReadOnlyList<DatasetUpload> All, Dictionary<DatasetUpload, string> Hashes, string? Key) files,
        DatasetSending how,
        CancellationToken cancellationToken)
    {
        var from = await FindBaseAsync(name, how.Base, files.All.Count, cancellationToken);
        var draft = await CallAsync<BeginDatasetDraftRequest, DatasetDraft>(HttpMethod.Post, $"{OnDataset(name)}/drafts", new BeginDatasetDraftRequest(request.Version) { Key = files.Key }, cancellationToken);
        try
        {
            foreach (var file in files.All)
            {
                await SendAsync((name, draft), (file, files.Hashes.GetValueOrDefault(file)), (from, how.Sent), cancellationToken);
            }

            return await CallAsync<AddDatasetVersionRequest, AddedDatasetVersion>(HttpMethod.Post, $"{OnDataset(name)}/versions", request with { Draft = draft.Id }, cancellationToken);
        }
        catch (SlipwayException exception) when (exception.Code != ErrorCode.TemporarilyUnavailable)
        {
            await ForgetAsync(name, draft, cancellationToken);
            throw;
        }
    }

    private static async Task<Dictionary<DatasetUpload, string>> HashAsync(IReadOnlyList<DatasetUpload> files, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<DatasetUpload, string>(files.Count);
        foreach (var file in files)
        {
            await using var content = file.Open();
            if (content.CanSeek)
            {
                hashes[file] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            }
        }

        return hashes;
    }

    // Nothing finds the draft of content that can't be told before it is sent.
    private static string? KeyOf(IReadOnlyList<DatasetUpload> files, Dictionary<DatasetUpload, string> hashes) => hashes.Count < files.Count
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files.Select(file => $"{hashes[file]} {file.Format} {file.Path}")))));

    /// <summary>The version to build upon, and its file where there is one only on both sides, whatever it is called.</summary>
    private async Task<(string Version, string? Path)?> FindBaseAsync(string name, string? wanted, int files, CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            return null;
        }

        try
        {
            var version = await GetDatasetVersionAsync(name, wanted, cancellationToken);
            return (version.Version, files == 1 && version.Files == 1 ? (await ListDatasetFilesAsync(name, version.Version, null, cancellationToken)).Files[0].Path : null);
        }
        catch (SlipwayException exception) when (wanted == DatasetSending.Latest && exception.Code is (ErrorCode.ResourceDoesNotExist or ErrorCode.PermissionDenied))
        {
            return null;
        }
    }

    private async Task SendAsync((string Name, DatasetDraft Draft) to, (DatasetUpload File, string? Sha256) what, ((string Version, string? Path)? Base, Action<SentContent>? Sent) how, CancellationToken cancellationToken)
    {
        await using var content = what.File.Open();
        var sent = what.Sha256 is { } sha256 && content.Length >= WorthAsking
            ? await SendMissingAsync(to, new BeginDatasetUploadRequest(what.File.Path, sha256, content.Length) { Format = what.File.Format, BaseVersion = how.Base?.Version, BasePath = how.Base?.Path }, content, cancellationToken)
            : await SendAllAsync(to, what.File, content, cancellationToken);
        how.Sent?.Invoke(sent);
    }

    private async Task<SentContent> SendMissingAsync((string Name, DatasetDraft Draft) to, BeginDatasetUploadRequest request, Stream content, CancellationToken cancellationToken)
    {
        var upload = await CallAsync<BeginDatasetUploadRequest, UploadResponse>(HttpMethod.Post, $"{OnDataset(to.Name)}/drafts/{to.Draft.Id}/uploads", request, cancellationToken);
        if (upload.IsDone == true)
        {
            return new SentContent(request.Sha256!, upload.Size, 0);
        }

        return await SendAsync(upload, content, cancellationToken);
    }

    private async Task<SentContent> SendAllAsync((string Name, DatasetDraft Draft) to, DatasetUpload file, Stream content, CancellationToken cancellationToken)
    {
        var path = $"{NativeApi.Prefix.TrimStart('/')}{OnDataset(to.Name)}/drafts/{to.Draft.Id}/file{Query([("path", file.Path), ("format", file.Format)])}";
        using var message = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(content) };
        var stored = await ReadAsync<DatasetFile>(message, path, Timeout.InfiniteTimeSpan, cancellationToken);
        return new SentContent(stored.Sha256, stored.Size, stored.Size);
    }

    private async Task ForgetAsync(string name, DatasetDraft draft, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, $"{OnDataset(name)}/drafts/{draft.Id}", null, cancellationToken);
        }
        catch (Exception exception) when (exception is SlipwayException or ServerUnreachableException)
        {
            // The server forgets it by itself after a day; what is told is why the version could not be added.
        }
    }
}
