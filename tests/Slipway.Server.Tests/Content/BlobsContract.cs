using Amazon.Runtime;
using Slipway.Server.Content;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What a place for packs promises, wherever it is.</summary>
public abstract class BlobsContract : IAsyncLifetime
{
    private IBlobs _blobs = null!;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public async Task InitializeAsync() => _blobs = await OpenAsync();

    public Task DisposeAsync()
    {
        _blobs.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    [Promise]
    public async Task What_was_put_is_read_in_any_part()
    {
        var bytes = Samples.Random(1, 3_000_000);
        await PutAsync("a.pack", bytes);

        Samples.AssertSame(bytes, (await ReadAsync("a.pack", 0, bytes.Length))!);
        Samples.AssertSame(bytes[1_000..1_010], (await ReadAsync("a.pack", 1_000, 10))!);
        Samples.AssertSame(bytes[2_999_990..], (await ReadAsync("a.pack", 2_999_990, 100))!);
        Assert.Empty((await ReadAsync("a.pack", 3_000_000, 10))!);
    }

    [Promise]
    public async Task What_is_not_there_is_not_read_and_is_deleted_already()
    {
        Assert.Null(await ReadAsync("none.pack", 0, 10));

        await PutAsync("a.pack", [1]);
        await _blobs.DeleteAsync("a.pack", CancellationToken.None);
        await _blobs.DeleteAsync("a.pack", CancellationToken.None);

        Assert.Null(await ReadAsync("a.pack", 0, 1));
    }

    [Promise]
    public async Task Everything_is_listed_with_its_size()
    {
        Assert.Empty(await ListAsync());

        await PutAsync("a.pack", new byte[10]);
        await PutAsync("b.pack", new byte[20]);

        Assert.Equal([new Blob("a.pack", 10), new Blob("b.pack", 20)], await ListAsync());
    }

    [Promise]
    public async Task The_file_that_was_put_is_gone_from_where_it_was()
    {
        await PutAsync("a.pack", [1]);

        Assert.Empty(Directory.GetFiles(Folder));
    }

    private protected abstract Task<IBlobs> OpenAsync();

    private async Task PutAsync(string name, byte[] bytes)
    {
        var file = Path.Join(Folder, "spooled");
        await File.WriteAllBytesAsync(file, bytes);
        await _blobs.PutAsync(name, file, CancellationToken.None);
    }

    private async Task<byte[]?> ReadAsync(string name, long start, int length)
    {
        var buffer = new byte[length];
        return await _blobs.ReadAsync(name, start, buffer, CancellationToken.None) is { } read ? buffer[..read] : null;
    }

    private async Task<List<Blob>> ListAsync()
    {
        var blobs = new List<Blob>();
        await foreach (var blob in _blobs.ListAsync(CancellationToken.None))
        {
            blobs.Add(blob);
        }

        return [.. blobs.OrderBy(blob => blob.Name, StringComparer.Ordinal)];
    }
}

public sealed class LocalBlobsTests : BlobsContract
{
    private protected override Task<IBlobs> OpenAsync() => Task.FromResult<IBlobs>(new LocalBlobs(Path.Join(Folder, "packs")));
}

[Needs("s3")]
public sealed class S3BlobsTests : BlobsContract
{
    [Fact]
    public void A_place_is_a_bucket_and_perhaps_a_prefix()
    {
        Assert.Equal(new S3Place("b", "", null, "r"), S3Place.TryParse("s3://b", null, "r"));
        Assert.Equal(new S3Place("b", "x/y/", "http://h", "r"), S3Place.TryParse("s3://b/x/y/", "http://h", "r"));
        Assert.Null(S3Place.TryParse("s3://", null, "r"));
        Assert.Null(S3Place.TryParse("/folder", null, "r"));
    }

    /// <summary>A prefix of its own in the bucket of the tests' server.</summary>
    internal static async Task<IBlobs> FreshAsync() => new S3Blobs(
        new S3Place(S3Server.Bucket, $"{Guid.NewGuid():n}/", (await S3Server.SharedAsync()).Endpoint.ToString(), "us-east-1"),
        new BasicAWSCredentials(S3Server.Key, S3Server.Key));

    private protected override Task<IBlobs> OpenAsync() => FreshAsync();
}
