using Slipway.Server.Content;
using Slipway.Server.Tests.Artifacts;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>A contract about a store that is swept.</summary>
public abstract class SweptContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;

    private protected ManualTime Time { get; } = new();

    private protected CountingBlobs Blobs { get; private set; } = null!;

    private protected FreshStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    private protected async Task OpenAsync()
    {
        Blobs = new CountingBlobs(Path.Join(_fresh.Folder, "artifacts", "packs"));
        Store = await FreshStore.OpenAsync(_fresh, Time, Blobs);
    }

    // A millisecond later than everything before it.
    private protected Task<CollectReport> SweepAsync(TimeSpan grace)
    {
        if (grace == TimeSpan.Zero)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        return Store.Collector.RunAsync(new CollectOptions(IsDryRun: false, grace), CancellationToken.None);
    }

    protected long PacksOnDisk() => new DirectoryInfo(Store.Packs).GetFiles().Sum(file => file.Length);

    protected async Task AssertHoldsAsync(string path, byte[] bytes)
    {
        var held = await Store.ReadBytesAsync(path);
        Assert.True(bytes.AsSpan().SequenceEqual(held), path);
    }
}
