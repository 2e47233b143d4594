using System.Globalization;
using System.Security.Cryptography;
using Slipway.Wire;
using Slipway.Wire.Content;
using Slipway.Wire.Native;

namespace Slipway.Client;

/// <content>Uploads that send only what the server lacks.</content>
public sealed partial class SlipwayClient
{
    /// <summary>
    /// Stores a file among the artifacts and sends only those parts of it that another artifact does not have. When it was
    /// interrupted, the same call goes on where that one stopped, for a day.
    /// </summary>
    /// <param name="path">Below the server's artifact root: <c>1/RUN_ID/artifacts/model/model.bin</c>.</param>
    /// <param name="file">Read twice, from its beginning; it must not change meanwhile.</param>
    /// <param name="basePath">An artifact that is much the same, and that you may read; null takes what has the path now, if anything has.</param>
    /// <param name="cancellationToken">Interrupts it; what was sent stays for a day.</param>
    public async Task<SentContent> SendArtifactAsync(string path, Stream file, string? basePath = null, CancellationToken cancellationToken = default)
    {
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        var upload = await CallAsync<BeginUploadRequest, UploadResponse>(HttpMethod.Post, "uploads", new BeginUploadRequest(path, sha256, file.Length, basePath ?? path), cancellationToken);
        return await SendAsync(upload, file, cancellationToken);
    }

    /// <summary>Sends what is missing of an upload that was begun, and completes it.</summary>
    private async Task<SentContent> SendAsync(UploadResponse upload, Stream file, CancellationToken cancellationToken)
    {
        var sent = await SendMissingAsync(upload, file, cancellationToken);

        // The server reads all of it once more, however long that takes.
        var stored = await CallAsync<EmptyResponse, UploadedResponse>(HttpMethod.Post, ($"uploads/{upload.Id}/complete", null), EmptyResponse.Value, Timeout.InfiniteTimeSpan, cancellationToken);
        return new SentContent(stored.Sha256, stored.Size, sent);
    }

    /// <summary>Sends what is missing of an upload that was begun, and answers how much that was.</summary>
    /// <param name="upload">Where it stands.</param>
    /// <param name="file">All of its bytes.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    internal async Task<long> SendMissingAsync(UploadResponse upload, Stream file, CancellationToken cancellationToken)
    {
        var plan = new UploadPlan(file, upload.BaseSha256 is null ? [] : await BaseChunksAsync(upload.Id, cancellationToken));
        var (position, sent) = (upload.Position, 0L);
        await foreach (var runs in plan.RequestsAsync(position, cancellationToken))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{NativeApi.Prefix.TrimStart('/')}uploads/{upload.Id}/runs?position={position}");
            using var message = new HttpRequestMessage(HttpMethod.Put, path) { Content = new RunsContent(file, position, runs) };
            position = (await ReadAsync<UploadResponse>(message, "uploads/runs", Timeout.InfiniteTimeSpan, cancellationToken)).Position;
            sent += runs.Where(run => run.BaseStart is null).Sum(run => run.Length);
        }

        return sent;
    }

    /// <summary>Where in the base each of its chunks is.</summary>
    private async Task<Dictionary<string, long>> BaseChunksAsync(string id, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{NativeApi.Prefix.TrimStart('/')}uploads/{id}/base");
        using var response = await AnswerAsync(message, AnswerTime, cancellationToken);
        await using var list = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (chunks, place, start) = (new Dictionary<string, long>(StringComparer.Ordinal), new byte[BaseChunk.EncodedLength], 0L);
        while (await list.ReadAtLeastAsync(place, place.Length, throwOnEndOfStream: false, cancellationToken) == place.Length)
        {
            var chunk = BaseChunk.Read(place);
            chunks.TryAdd(chunk.Sha256, start);
            start += chunk.Length;
        }

        return chunks;
    }
}
