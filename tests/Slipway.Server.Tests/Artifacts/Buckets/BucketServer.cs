using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Server.Content;
using Slipway.Testing;

namespace Slipway.Server.Tests.Artifacts.Buckets;

/// <summary>A server with a place of its own in the bucket, and a client of that bucket that goes past the server, as MLflow's do.</summary>
internal sealed class BucketServer : IAsyncDisposable
{
    private readonly Fresh _fresh;
    private readonly AmazonS3Client _s3;

    private BucketServer(Fresh fresh, TestServer server, S3Place place) =>
        (_fresh, Server, Place, _s3) = (fresh, server, place, place.Connect(new BasicAWSCredentials(S3Server.Key, S3Server.Key)));

    public TestServer Server { get; }

    public S3Place Place { get; }

    public WireClient Client => Server.Client;

    /// <summary>What locations begin with, without a slash at the end.</summary>
    public string Root => Place.Uri.TrimEnd('/');

    public static async Task<BucketServer> StartAsync(Func<Task<Fresh>> freshDatabase)
    {
        var fresh = await freshDatabase();
        var place = new S3Place(S3Server.Bucket, $"{Guid.NewGuid():n}/", (await S3Server.SharedAsync()).Endpoint.ToString(), "us-east-1");
        var server = await TestServer.StartAsync(fresh, configure: options => (options.ArtifactRoot, options.S3Endpoint) = (place.Uri, place.Endpoint!));
        return new BucketServer(fresh, server, place);
    }

    /// <summary>Writes an object past the server.</summary>
    /// <param name="uri">Where, as locations are written.</param>
    /// <param name="bytes">What.</param>
    public Task PutAsync(string uri, byte[] bytes) =>
        _s3.PutObjectAsync(new PutObjectRequest { BucketName = Place.Bucket, Key = KeyOf(uri), InputStream = new MemoryStream(bytes), UseChunkEncoding = false });

    public Task DeleteAsync(string uri) => _s3.DeleteObjectAsync(Place.Bucket, KeyOf(uri));

    public async Task<byte[]> ReadAsync(string uri)
    {
        using var response = await _s3.GetObjectAsync(Place.Bucket, KeyOf(uri));
        var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>A run, and where its artifacts are.</summary>
    public static async Task<(string Id, string Uri)> CreateRunAsync(WireClient client, string experiment = "0")
    {
        var info = (await client.PostAsync("runs/create", new { experiment_id = experiment, start_time = 1 })).Ok()["run"]!["info"]!;
        return (info["run_id"]!.GetValue<string>(), info["artifact_uri"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _fresh.DisposeAsync();
        _s3.Dispose();
    }

    private string KeyOf(string uri) => uri[$"s3://{Place.Bucket}/".Length..];
}
