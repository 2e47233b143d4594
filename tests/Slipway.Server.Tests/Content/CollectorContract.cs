using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Store;
using Slipway.Testing;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What a sweep promises, whatever the database.</summary>
public abstract class CollectorContract(Func<Task<Fresh>> freshDatabase) : SweptContract(freshDatabase)
{
    [Promise]
    public async Task What_nothing_names_goes_and_the_rest_stays()
    {
        var kept = Samples.Random(1, 2 << 20);
        await Store.WriteAsync("kept", kept);
        await Store.WriteAsync("d/gone", Samples.Random(2, 2 << 20));
        await Store.WriteAsync("over", Samples.Random(3, 2 << 20));
        await Store.WriteAsync("over", "new"u8.ToArray());
        await Store.DeleteAsync("d");

        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Equal((2, 4L << 20), (report.Contents, report.ContentBytes));
        Assert.Equal((4L << 20, 0), (report.ChunkBytes, report.WaitingChunks));
        Assert.Equal((2 << 20) + 3, await Store.StoredBytesAsync());
        Assert.Equal((2 << 20) + 3, PacksOnDisk());
        await AssertHoldsAsync("kept", kept);
        Assert.Equal("new", await Store.ReadAsync("over"));
        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Contents);
    }

    [Promise]
    public async Task A_dry_run_tells_what_would_go_and_touches_nothing()
    {
        await Store.WriteAsync("kept", Samples.Random(1, 1 << 20));
        await Store.WriteAsync("gone", Samples.Random(2, 1 << 20));
        await Store.DeleteAsync("gone");
        await Store.PlantAsync("old/x", "plain");
        var before = Store.OnDisk();
        Time.Advance(TimeSpan.FromSeconds(1));

        var look = await Store.Collector.RunAsync(new CollectOptions(IsDryRun: true, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal((1, 1L << 20, 1L << 20), (look.Contents, look.ContentBytes, look.ChunkBytes));
        Assert.Equal((1, 5L), (look.Moved.Files, look.Moved.Bytes));
        Assert.Equal(before, Store.OnDisk());
        var done = await SweepAsync(TimeSpan.Zero);
        Assert.Equal((look.Contents, look.ContentBytes, look.Chunks, look.ChunkBytes, look.Moved.Files), (done.Contents, done.ContentBytes, done.Chunks, done.ChunkBytes, done.Moved.Files));
    }

    [Promise]
    public async Task Nothing_goes_before_its_grace_is_over()
    {
        var bytes = Samples.Random(2, 1 << 20);
        await Store.WriteAsync("x", bytes);
        Time.Advance(TimeSpan.FromDays(9));
        await Store.WriteAsync("x", "new"u8.ToArray());

        // Its name was taken away just now, however old it is.
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);
        Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);

        await Store.WriteAsync("again", bytes);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);
        await AssertHoldsAsync("again", bytes);
    }

    [Promise]
    public async Task What_a_version_was_registered_with_stays_though_its_names_are_gone()
    {
        var stored = await Store.WriteAsync("m/model.bin", Samples.Random(1, 1 << 20));
        await Store.ExecuteAsync($"insert into version_files (version, path, size, sha256) values (7, 'model.bin', {stored.Size}, {stored.Sha256})");
        await Store.DeleteAsync("m");

        Assert.Equal((0, 0), (await SweepAsync(TimeSpan.Zero)) is var report ? (report.Contents, report.Chunks) : default);

        await using var content = await Store.Database.ReadAsync(reader => Store.Contents.OpenAsync(reader, stored.Sha256, "m", CancellationToken.None), CancellationToken.None);
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        Assert.Equal(stored.Sha256, Samples.Sha256(bytes.ToArray()));
    }

    [Promise]
    public async Task An_upload_that_builds_upon_what_is_swept_meanwhile_is_whole()
    {
        var old = Samples.Random(1, 2 << 20);
        await Store.WriteAsync("old", old);
        await Store.DeleteAsync("old");
        CollectReport? during = null;
        Blobs.BeforePut = async () =>
        {
            Blobs.BeforePut = () => Task.CompletedTask;
            during = await SweepAsync(TimeSpan.Zero);
        };

        // It has found the old chunks, and not yet written down that it needs them.
        byte[] bytes = [.. old, .. Samples.Random(2, 200_000)];
        await Store.WriteAsync("new", bytes);

        Assert.Equal(1, during!.Contents);
        Assert.Equal(0, during.Chunks);
        Assert.InRange(during.WaitingChunks, 10, 200);
        await AssertHoldsAsync("new", bytes);
        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).WaitingChunks);
        await AssertHoldsAsync("new", bytes);
    }

    [Promise]
    public async Task An_upload_that_comes_after_a_sentence_stores_the_chunks_again()
    {
        var bytes = Samples.Random(1, 2 << 20);
        await Store.WriteAsync("old", bytes);
        await Store.DeleteAsync("old");
        await using (await Store.Contents.BeginAsync(CancellationToken.None))
        {
            Assert.InRange((await SweepAsync(TimeSpan.Zero)).WaitingChunks, 10, 200);
            await Store.WriteAsync("new", bytes);
        }

        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Chunks);
        await AssertHoldsAsync("new", bytes);
        Assert.Equal(2 << 20, PacksOnDisk());
    }

    [Promise]
    public async Task Sweeps_beside_uploads_of_many_lose_nothing()
    {
        using var stop = new CancellationTokenSource();
        var contents = Enumerable.Range(0, 6).Select(seed => Samples.Random(seed, 400_000)).ToList();
        var sweeps = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await SweepAsync(TimeSpan.Zero);
            }
        });
        var uploads = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var round = 0; round < 25; round++)
            {
                var bytes = contents[random.Next(contents.Count)];
                await Store.WriteAsync($"w{writer}", bytes);
                await AssertHoldsAsync($"w{writer}", bytes);
                await Store.DeleteAsync($"w{writer}");
            }

            await Store.WriteAsync($"w{writer}", contents[writer]);
        }));

        await Task.WhenAll(uploads);
        await stop.CancelAsync();
        await sweeps;

        await SweepAsync(TimeSpan.Zero);
        await SweepAsync(TimeSpan.Zero);
        foreach (var writer in Enumerable.Range(0, 4))
        {
            await AssertHoldsAsync($"w{writer}", contents[writer]);
        }

        Assert.Equal(4 * 400_000, await Store.StoredBytesAsync());
        Assert.Equal(4 * 400_000, PacksOnDisk());
    }

    [Promise]
    public async Task What_a_crash_left_goes_when_its_lease_has_expired_and_not_before()
    {
        // As a killed process leaves it: a lease, a part that was written down, and a pack that was not.
        var upload = await Store.Contents.BeginAsync(CancellationToken.None);
        var lease = await Store.Database.ReadAsync(reader => reader.FindAsync($"select id from content_leases", row => row.GetString(0), CancellationToken.None), CancellationToken.None);
        await Store.ExecuteAsync($"update content_leases set object = 99");
        await Store.ExecuteAsync($"insert into content_segments (object, start, parts, seal) values (99, 0, {Array.Empty<byte>()}, 'x')");
        await File.WriteAllTextAsync(Path.Join(Store.Packs, Store.Contents.NewName(lease!)), "half");
        await File.WriteAllTextAsync(Path.Join(Store.Packs, "somebody-else-s.pack"), "not ours");

        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Orphans);
        Assert.Equal(1, await Store.NumberAsync($"select count(*) from content_segments"));

        Time.Advance(ContentLeases.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal((1, 4L), (await SweepAsync(TimeSpan.Zero)) is var report ? (report.Orphans, report.OrphanBytes) : default);
        Assert.Equal(0, await Store.NumberAsync($"select count(*) from content_segments"));
        Assert.Equal(["somebody-else-s.pack"], Directory.GetFiles(Store.Packs).Select(Path.GetFileName));

        // And should it only have slept, it is told so.
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => upload.ReceiveAsync(new MemoryStream(Samples.Random(1, 100_000)), CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => upload.CompleteAsync((_, _, _) => Task.CompletedTask))).Kind);
        await upload.DisposeAsync();
        Assert.Equal(0, await Store.NumberAsync($"select count(*) from content_objects"));
    }

    [Promise]
    public async Task An_upload_in_parts_keeps_what_came_for_a_day_and_then_is_forgotten()
    {
        var uploads = new NegotiatedUploads(Store.Contents);
        var bytes = Samples.Random(21, 600_000);
        var wanted = new UploadRow("", "ann", UploadPlace.Artifact(ArtifactPath.Parse("x")), null, new StoredContent(Samples.Sha256(bytes), bytes.Length));
        var row = await Store.Ingest.WriteAsync((writer, token) => uploads.BeginAsync(writer, wanted, token), CancellationToken.None);
        var header = new byte[UploadRun.HeaderLength];
        new UploadRun(bytes.Length, null).Write(header);
        row = row with { Position = await uploads.ReceiveAsync(row, new MemoryStream([.. header, .. bytes]), CancellationToken.None) };

        Time.Advance(ContentLeases.LongLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Chunks);
        Assert.Equal(bytes.Length, await Store.NumberAsync($"select position from content_uploads"));

        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(bytes.Length, (await SweepAsync(TimeSpan.Zero)).ChunkBytes);
        Assert.Equal(0, await Store.NumberAsync($"select count(*) from content_uploads"));
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => uploads.ReceiveAsync(row, new MemoryStream(), CancellationToken.None))).Kind);
        await Assert.ThrowsAsync<Fault>(() => uploads.CompleteAsync(row, null, (_, _, _) => Task.CompletedTask, CancellationToken.None));
        Assert.Equal(0, await Store.NumberAsync($"select count(*) from content_objects"));
    }
}

public sealed class CollectorOnSqlite() : CollectorContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class CollectorOnPostgres() : CollectorContract(Fresh.PostgresAsync);
