using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>The artifacts in a bucket that clients write to themselves. Nothing that they leave there is trusted to stay what it is.</summary>
/// <param name="place">Nothing outside of it is ever asked for.</param>
/// <param name="digests">What files were found to hash to.</param>
/// <param name="time">The clock.</param>
internal sealed class BucketFiles(S3Place place, KnownDigests digests, TimeProvider time) : IDisposable
{
    /// <summary>No listing is longer.</summary>
    public const int MostNames = 100_000;

    private const long MostHashed = 256L << 30;
    private const int MostWritten = 10 << 20;

    // S3 refuses requests of clocks that differ by more, so what is older by ours was not written in the second in which it was read.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    private readonly AmazonS3Client _client = place.Connect(credentials: null);

    /// <summary>What has this name; null when nothing has.</summary>
    public async Task<ArtifactEntry?> FindAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        if (await HeadAsync(path, cancellationToken) is { } found)
        {
            return found.Entry;
        }

        return (await ListAllAsync(path, 1, cancellationToken)).Count > 0 ? new ArtifactEntry(path, IsFolder: true, 0, 0) : null;
    }

    /// <summary>A file as it is now; null when there is none.</summary>
    public Task<BucketFile?> HeadAsync(ArtifactPath path, CancellationToken cancellationToken) => GuardAsync(path, async () =>
    {
        try
        {
            var found = await _client.GetObjectMetadataAsync(place.Bucket, KeyOf(path), cancellationToken);
            return new BucketFile(new ArtifactEntry(path, IsFolder: false, found.ContentLength, Ticks(found.LastModified)), found.ETag);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    /// <summary>Opens a file as it was found; who reads it gets those bytes or an error.</summary>
    public ArtifactContent Open(BucketFile file) => new(file.Entry.Path, new BucketStream(file.Entry.Path, file.Entry.Size, (start, token) => ReadAsync(file, start, token)), file.Entry.Size);

    /// <summary>What lies in the folder, one level deep, in no order. What is no name of ours can't be reached, so it isn't shown.</summary>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAsync(ArtifactPath folder, CancellationToken cancellationToken)
    {
        var entries = new List<ArtifactEntry>();
        await foreach (var page in PagesAsync(folder, "/", cancellationToken))
        {
            entries.AddRange(page.CommonPrefixes.Select(name => Named(folder, name)).OfType<ArtifactPath>().Select(path => new ArtifactEntry(path, IsFolder: true, 0, 0)));
            entries.AddRange(page.S3Objects.Select(found => Named(folder, found.Key) is { } path && !found.Key.EndsWith('/') ? Describe(path, found) : null).OfType<ArtifactEntry>());
            if (entries.Count > MostNames)
            {
                throw Fault.Invalid($"'{folder}' holds more than {MostNames} names.");
            }
        }

        return entries;
    }

    /// <summary>Every file at or below the name, up to a limit.</summary>
    /// <exception cref="Fault">One of them has a name that can't be reached: nobody could tell what it is.</exception>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAllAsync(ArtifactPath path, int limit, CancellationToken cancellationToken)
    {
        if (await HeadAsync(path, cancellationToken) is { } file)
        {
            return [file.Entry];
        }

        var entries = new List<ArtifactEntry>();
        await foreach (var page in PagesAsync(path, null, cancellationToken))
        {
            foreach (var found in page.S3Objects.Where(found => !found.Key.EndsWith('/')))
            {
                entries.Add(Describe(Named(path, found.Key) ?? throw Fault.Invalid($"'{S3Place.Scheme}{place.Bucket}/{found.Key}' has a name that the server does not take."), found));
                if (entries.Count == limit)
                {
                    return entries;
                }
            }
        }

        return entries;
    }

    /// <summary>The files with their digests, which are remembered as long as size and time of change are the same.</summary>
    public Task<IReadOnlyList<ArtifactEntry>> DigestAsync(ArtifactPath path, IReadOnlyList<ArtifactEntry> entries, CancellationToken cancellationToken) =>
        entries.Sum(entry => entry.Size) <= MostHashed
            ? digests.DigestAsync(path, entries, (entry, token) => HashAsync(entry.Path, token), cancellationToken)
            : throw Fault.Invalid($"'{path}' holds more than {MostHashed >> 30} GiB, which is more than the server reads for its digest.");

    /// <summary>Writes a file for those who can't themselves.</summary>
    /// <exception cref="Fault">It is too long.</exception>
    public async Task<StoredFile> WriteAsync(ArtifactPath path, Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostWritten)
            {
                throw Fault.Invalid($"'{path}' lies in a bucket: what is longer than {MostWritten} bytes is written there, and not through the server.");
            }
        }

        bytes.Position = 0;
        var request = new PutObjectRequest { BucketName = place.Bucket, Key = KeyOf(path), InputStream = bytes, AutoCloseStream = false, UseChunkEncoding = false };
        await GuardAsync(path, () => _client.PutObjectAsync(request, cancellationToken));
        return new StoredFile(path, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))));
    }

    /// <summary>Deletes every file at or below the name.</summary>
    public async Task DeleteAllAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(path, null, cancellationToken))
        {
            if (page.S3Objects.Count > 0)
            {
                var request = new DeleteObjectsRequest { BucketName = place.Bucket, Objects = [.. page.S3Objects.Select(found => new KeyVersion { Key = found.Key })] };
                await GuardAsync(path, () => _client.DeleteObjectsAsync(request, cancellationToken));
            }
        }
    }

    public void Dispose() => _client.Dispose();

    // As fine as every answer of S3 tells it.
    private static long Ticks(DateTime time) => (time.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;

    private static ArtifactEntry Describe(ArtifactPath path, S3Object found) => new(path, IsFolder: false, found.Size, Ticks(found.LastModified));

    private string KeyOf(ArtifactPath path) =>
        path.Text.StartsWith(place.Uri, StringComparison.Ordinal) ? path.Text[(S3Place.Scheme.Length + place.Bucket.Length + 1)..] : throw Fault.Invalid($"'{path}' does not lie in {place.Uri}, and the server reads nothing elsewhere.");

    private ArtifactPath? Named(ArtifactPath folder, string key) =>
        ArtifactPath.TryParse(key[(KeyOf(folder).Length + 1)..].TrimEnd('/')) is { } below ? folder.Join(below) : null;

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(ArtifactPath folder, string? delimiter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = place.Bucket, Prefix = KeyOf(folder) + "/", Delimiter = delimiter };
        ListObjectsV2Response page;
        do
        {
            page = await GuardAsync(folder, () => _client.ListObjectsV2Async(request, cancellationToken));
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated);
    }

    private Task<Stream> ReadAsync(BucketFile file, long start, CancellationToken cancellationToken) => GuardAsync(file.Entry.Path, async () =>
    {
        var request = new GetObjectRequest { BucketName = place.Bucket, Key = KeyOf(file.Entry.Path), EtagToMatch = file.ETag, ByteRange = new ByteRange(start, file.Entry.Size - 1) };
        return (await _client.GetObjectAsync(request, cancellationToken)).ResponseStream;
    });

    private async Task<(ArtifactDigest Digest, bool IsSettled)> HashAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        var file = await HeadAsync(path, cancellationToken) ?? throw Fault.NotFound($"No such artifact: '{path}'");
        await using var content = Open(file);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content.Stream, cancellationToken));
        var isSettled = Ticks(time.GetUtcNow().UtcDateTime - Settled) > file.Entry.ModifiedAt;
        return (new ArtifactDigest(path.Text, file.Entry.Size, file.Entry.ModifiedAt, sha256), isSettled);
    }

    private static async Task<T> GuardAsync<T>(ArtifactPath path, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (BucketStream.IsTrouble(exception))
        {
            throw BucketStream.Trouble(path, exception);
        }
    }
}

/// <summary>A file in the bucket as it was found.</summary>
/// <param name="Entry">Its name and size.</param>
/// <param name="ETag">Names the state in which it was found.</param>
internal sealed record BucketFile(ArtifactEntry Entry, string ETag);
