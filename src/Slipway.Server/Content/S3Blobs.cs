using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
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
    private readonly AmazonS3Client _client = new(credentials ?? FallbackCredentialsFactory.GetCredentials(), ConfigOf(place));

    public string Description => $"s3://{place.Bucket}/{place.Prefix}";

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

    private static AmazonS3Config ConfigOf(S3Place place)
    {
        var config = new AmazonS3Config { ForcePathStyle = true, AuthenticationRegion = place.Region };
        if (place.Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Region);
        }
        else
        {
            config.ServiceURL = place.Endpoint;
        }

        return config;
    }

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

/// <summary>Where in S3 packs are.</summary>
/// <param name="Bucket">The bucket; it has to exist.</param>
/// <param name="Prefix">What every name begins with: nothing, or a text that ends with a slash.</param>
/// <param name="Endpoint">The server's address; null for Amazon's own.</param>
/// <param name="Region">The region that requests are signed for.</param>
internal sealed record S3Place(string Bucket, string Prefix, string? Endpoint, string Region)
{
    /// <summary>Reads <c>s3://bucket</c> or <c>s3://bucket/prefix</c>; null when the text is neither.</summary>
    public static S3Place? TryParse(string text, string? endpoint, string region)
    {
        if (!text.StartsWith("s3://", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text["s3://".Length..].Split('/', 2);
        var prefix = parts.Length > 1 ? parts[1].Trim('/') : "";
        return parts[0].Length == 0 ? null : new S3Place(parts[0], prefix.Length == 0 ? "" : prefix + "/", endpoint, region);
    }
}
