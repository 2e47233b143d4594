using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Packs in a bucket of S3, or of a store that speaks its protocol.</summary>
/// <remarks>
/// It asks for little: whole objects put under names that nobody had before, ranges, lists, deletions. Nothing depends on
/// conditions or on the order in which others see what was written. Credentials are found as every AWS tool finds them.
/// </remarks>
internal sealed class S3Blobs(S3Place place, AWSCredentials? credentials = null) : IBlobs
{
    private readonly AmazonS3Client _client = place.Connect(credentials);

    public string Description => place.Uri;

    public async Task PutAsync(string name, string file, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest { BucketName = place.Bucket, Key = place.Prefix + name, FilePath = file, ContentType = "application/octet-stream", UseChunkEncoding = false };
        await GuardAsync(() => _client.PutObjectAsync(request, cancellationToken));
        File.Delete(file);
    }

    public Task<int?> ReadAsync(string name, long start, Memory<byte> buffer, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var request = new GetObjectRequest { BucketName = place.Bucket, Key = place.Prefix + name, ByteRange = new ByteRange(start, start + buffer.Length - 1) };
        try
        {
            using var response = await _client.GetObjectAsync(request, cancellationToken);
            return (int?)await response.ResponseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
    });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => GuardAsync(() => _client.DeleteObjectAsync(place.Bucket, place.Prefix + name, cancellationToken));

    public async IAsyncEnumerable<Blob> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = place.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await GuardAsync(() => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var found in page.S3Objects)
            {
                yield return new Blob(found.Key[place.Prefix.Length..], found.Size);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated);
    }

    public void Dispose() => _client.Dispose();

    private async Task<T> GuardAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw Fault.Unavailable($"{Description} does not take or give the stored content: {exception.Message}", exception);
        }
    }
}
