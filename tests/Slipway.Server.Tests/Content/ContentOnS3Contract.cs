using Slipway.Server.Content;
using Slipway.Server.Tests.Artifacts;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What the content store promises when its packs are in S3, whatever the database.</summary>
[Needs("s3")]
public abstract class ContentOnS3Contract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private IBlobs _blobs = null!;
    private FreshStore _store = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _blobs = await S3BlobsTests.FreshAsync();
        _store = await FreshStore.OpenAsync(_fresh, TimeProvider.System, _blobs);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [PromiseTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 << 20)]
    public async Task Content_comes_back_byte_for_byte(int length)
    {
        foreach (var (name, bytes) in new[] { ("random", Samples.Random(length, length)), ("text", Samples.Table(length, length)) })
        {
            await _store.WriteAsync(name, bytes);
            var held = await _store.ReadBytesAsync(name);

            Assert.True(bytes.AsSpan().SequenceEqual(held));
        }
    }

    [Promise]
    public async Task A_pack_that_is_gone_is_an_error_that_names_the_object()
    {
        await _store.WriteAsync("d/x", Samples.Random(1, 100_000));
        await _blobs.DeleteAsync(Assert.Single(await PacksAsync()).Name, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<Fault>(() => _store.ReadBytesAsync("d/x"));

        Assert.Equal(FaultKind.Damaged, fault.Kind);
        Assert.Contains("'d/x'", fault.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_sweep_removes_and_copies_together()
    {
        var kept = Samples.Random(2, 300_000);
        await _store.WriteAsync("gone", [.. kept, .. Samples.Random(3, 2 << 20)]);
        await _store.WriteAsync("kept", kept);
        await _store.DeleteAsync("gone");

        await _store.Collector.RunAsync(new CollectOptions(IsDryRun: false, TimeSpan.FromSeconds(-1)), CancellationToken.None);

        Assert.Equal(300_000, (await PacksAsync()).Sum(blob => blob.Size));
        Assert.Equal(kept, await _store.ReadBytesAsync("kept"));
    }

    private async Task<List<Blob>> PacksAsync()
    {
        var blobs = new List<Blob>();
        await foreach (var blob in _blobs.ListAsync(CancellationToken.None))
        {
            blobs.Add(blob);
        }

        return blobs;
    }
}

public sealed class ContentOnS3AndSqlite() : ContentOnS3Contract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ContentOnS3AndPostgres() : ContentOnS3Contract(Fresh.PostgresAsync);
