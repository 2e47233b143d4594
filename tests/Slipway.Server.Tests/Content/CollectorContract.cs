using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Server.Tests.Artifacts;
using Slipway.Store;
using Slipway.Testing;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What a sweep promises, whatever the database.</summary>
public abstract class CollectorContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Fresh _fresh = null!;
    private CountingBlobs _blobs = null!;
    private FreshStore _store = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task What_nothing_names_goes_and_the_rest_stays()
    {
        var kept = Samples.Random(1, 2 << 20);
        await _store.WriteAsync("kept", kept);
        await _store.WriteAsync("d/gone", Samples.Random(2, 2 << 20));
        await _store.WriteAsync("over", Samples.Random(3, 2 << 20));
        await _store.WriteAsync("over", "new"u8.ToArray());
        await _store.DeleteAsync("d");

        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Equal((2, 4L << 20), (report.Contents, report.ContentBytes));
        Assert.Equal((4L << 20, 0), (report.ChunkBytes, report.WaitingChunks));
        Assert.Equal((2 << 20) + 3, await _store.StoredBytesAsync());
        Assert.Equal((2 << 20) + 3, PacksOnDisk());
        await AssertHoldsAsync("kept", kept);
        Assert.Equal("new", await _store.ReadAsync("over"));
        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Contents);
    }

    [Promise]
    public async Task A_dry_run_tells_what_would_go_and_touches_nothing()
    {
        await _store.WriteAsync("kept", Samples.Random(1, 1 << 20));
        await _store.WriteAsync("gone", Samples.Random(2, 1 << 20));
        await _store.DeleteAsync("gone");
        await _store.PlantAsync("old/x", "plain");
        var before = _store.OnDisk();
        _time.Advance(TimeSpan.FromSeconds(1));

        var look = await _store.Collector.RunAsync(new CollectOptions(IsDryRun: true, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal((1, 1L << 20, 1L << 20), (look.Contents, look.ContentBytes, look.ChunkBytes));
        Assert.Equal((1, 5L), (look.Moved.Files, look.Moved.Bytes));
        Assert.Equal(before, _store.OnDisk());
        var done = await SweepAsync(TimeSpan.Zero);
        Assert.Equal((look.Contents, look.ContentBytes, look.Chunks, look.ChunkBytes, look.Moved.Files), (done.Contents, done.ContentBytes, done.Chunks, done.ChunkBytes, done.Moved.Files));
    }

    [Promise]
    public async Task Nothing_goes_before_its_grace_is_over()
    {
        var bytes = Samples.Random(2, 1 << 20);
        await _store.WriteAsync("x", bytes);
        _time.Advance(TimeSpan.FromDays(9));
        await _store.WriteAsync("x", "new"u8.ToArray());

        // Its name was taken away just now, however old it is.
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);

        await _store.WriteAsync("again", bytes);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, (await SweepAsync(TimeSpan.FromDays(1))).Contents);
        await AssertHoldsAsync("again", bytes);
    }

    [Promise]
    public async Task What_a_version_was_registered_with_stays_though_its_names_are_gone()
    {
        var stored = await _store.WriteAsync("m/model.bin", Samples.Random(1, 1 << 20));
        await _store.ExecuteAsync($"insert into version_files (version, path, size, sha256) values (7, 'model.bin', {stored.Size}, {stored.Sha256})");
        await _store.DeleteAsync("m");

        Assert.Equal((0, 0), (await SweepAsync(TimeSpan.Zero)) is var report ? (report.Contents, report.Chunks) : default);

        await using var content = await _store.Database.ReadAsync(reader => _store.Contents.OpenAsync(reader, stored.Sha256, "m", CancellationToken.None), CancellationToken.None);
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        Assert.Equal(stored.Sha256, Samples.Sha256(bytes.ToArray()));
    }

    [Promise]
    public async Task An_upload_that_builds_upon_what_is_swept_meanwhile_is_whole()
    {
        var old = Samples.Random(1, 2 << 20);
        await _store.WriteAsync("old", old);
        await _store.DeleteAsync("old");
        CollectReport? during = null;
        _blobs.BeforePut = async () =>
        {
            _blobs.BeforePut = () => Task.CompletedTask;
            during = await SweepAsync(TimeSpan.Zero);
        };

        // It has found the old chunks, and not yet written down that it needs them.
        byte[] bytes = [.. old, .. Samples.Random(2, 200_000)];
        await _store.WriteAsync("new", bytes);

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
        await _store.WriteAsync("old", bytes);
        await _store.DeleteAsync("old");
        await using (await _store.Contents.BeginAsync(CancellationToken.None))
        {
            Assert.InRange((await SweepAsync(TimeSpan.Zero)).WaitingChunks, 10, 200);
            await _store.WriteAsync("new", bytes);
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
                await _store.WriteAsync($"w{writer}", bytes);
                await AssertHoldsAsync($"w{writer}", bytes);
                await _store.DeleteAsync($"w{writer}");
            }

            await _store.WriteAsync($"w{writer}", contents[writer]);
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

        Assert.Equal(4 * 400_000, await _store.StoredBytesAsync());
        Assert.Equal(4 * 400_000, PacksOnDisk());
    }

    [Promise]
    public async Task What_a_crash_left_goes_when_its_lease_has_expired_and_not_before()
    {
        // As a killed process leaves it: a lease, a part that was written down, and a pack that was not.
        var upload = await _store.Contents.BeginAsync(CancellationToken.None);
        var lease = await _store.Database.ReadAsync(reader => reader.FindAsync($"select id from content_leases", row => row.GetString(0), CancellationToken.None), CancellationToken.None);
        await _store.ExecuteAsync($"update content_leases set object = 99");
        await _store.ExecuteAsync($"insert into content_segments (object, start, parts, seal) values (99, 0, {Array.Empty<byte>()}, 'x')");
        await File.WriteAllTextAsync(Path.Join(_store.Packs, _store.Contents.NewName(lease!)), "half");
        await File.WriteAllTextAsync(Path.Join(_store.Packs, "somebody-else-s.pack"), "not ours");

        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Orphans);
        Assert.Equal(1, await _store.NumberAsync($"select count(*) from content_segments"));

        _time.Advance(ContentLeases.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal((1, 4L), (await SweepAsync(TimeSpan.Zero)) is var report ? (report.Orphans, report.OrphanBytes) : default);
        Assert.Equal(0, await _store.NumberAsync($"select count(*) from content_segments"));
        Assert.Equal(["somebody-else-s.pack"], Directory.GetFiles(_store.Packs).Select(Path.GetFileName));

        // And should it only have slept, it is told so.
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => upload.ReceiveAsync(new MemoryStream(Samples.Random(1, 100_000)), CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => upload.CompleteAsync((_, _, _) => Task.CompletedTask))).Kind);
        await upload.DisposeAsync();
        Assert.Equal(0, await _store.NumberAsync($"select count(*) from content_objects"));
    }

    [Promise]
    public async Task An_upload_in_parts_keeps_what_came_for_a_day_and_then_is_forgotten()
    {
        var uploads = new NegotiatedUploads(_store.Contents);
        var bytes = Samples.Random(21, 600_000);
        var wanted = new UploadRow("", "ann", UploadPlace.Artifact(ArtifactPath.Parse("x")), null, new StoredContent(Samples.Sha256(bytes), bytes.Length));
        var row = await _store.Ingest.WriteAsync((writer, token) => uploads.BeginAsync(writer, wanted, token), CancellationToken.None);
        var header = new byte[UploadRun.HeaderLength];
        new UploadRun(bytes.Length, null).Write(header);
        row = row with { Position = await uploads.ReceiveAsync(row, new MemoryStream([.. header, .. bytes]), CancellationToken.None) };

        _time.Advance(ContentLeases.LongLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await SweepAsync(TimeSpan.Zero)).Chunks);
        Assert.Equal(bytes.Length, await _store.NumberAsync($"select position from content_uploads"));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(bytes.Length, (await SweepAsync(TimeSpan.Zero)).ChunkBytes);
        Assert.Equal(0, await _store.NumberAsync($"select count(*) from content_uploads"));
        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => uploads.ReceiveAsync(row, new MemoryStream(), CancellationToken.None))).Kind);
        await Assert.ThrowsAsync<Fault>(() => uploads.CompleteAsync(row, null, (_, _, _) => Task.CompletedTask, CancellationToken.None));
        Assert.Equal(0, await _store.NumberAsync($"select count(*) from content_objects"));
    }

    [Promise]
    public async Task Packs_that_are_mostly_unused_or_small_are_copied_together_while_others_read()
    {
        var big = Samples.Random(1, 6 << 20);
        await _store.WriteAsync("big", big);
        await _store.WriteAsync("part", big[..(1 << 20)]);
        foreach (var i in Enumerable.Range(0, 20))
        {
            await _store.WriteAsync($"small/{i}", Samples.Random(100 + i, 5_000));
        }

        await using var reading = await _store.OpenAsync("small/3");
        await using var half = await _store.OpenAsync("part");
        var first = new byte[10];
        await half.Stream.ReadExactlyAsync(first);
        await _store.DeleteAsync("big");
        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Equal((22, 22), (report.Repacked, report.Packs));
        Assert.Single(Directory.GetFiles(_store.Packs));
        await AssertHoldsAsync("part", big[..(1 << 20)]);
        foreach (var i in Enumerable.Range(0, 20))
        {
            await AssertHoldsAsync($"small/{i}", Samples.Random(100 + i, 5_000));
        }

        var rest = new MemoryStream();
        await half.Stream.CopyToAsync(rest);
        Assert.Equal(big[10..(1 << 20)], rest.ToArray());
        var late = new MemoryStream();
        await reading.Stream.CopyToAsync(late);
        Assert.Equal(Samples.Random(103, 5_000), late.ToArray());
    }

    [Promise]
    public async Task A_damaged_pack_is_not_copied_on_and_what_is_whole_in_it_stays_readable()
    {
        var bytes = Samples.Random(1, 1 << 20);
        await _store.WriteAsync("x", bytes);
        await _store.WriteAsync("part", [.. bytes[..300_000], .. new byte[10]]);
        await _store.DeleteAsync("x");
        var pack = Directory.GetFiles(_store.Packs).MaxBy(file => new FileInfo(file).Length)!;
        var stored = await File.ReadAllBytesAsync(pack);
        stored[10] ^= 1;
        await File.WriteAllBytesAsync(pack, stored);

        await SweepAsync(TimeSpan.Zero);

        Assert.Equal(FaultKind.Damaged, (await Assert.ThrowsAsync<Fault>(() => _store.ReadBytesAsync("part"))).Kind);
        Assert.True(File.Exists(pack));
        await using var content = await _store.OpenAsync("part");
        content.Stream.Position = 290_000;
        var end = new byte[10];
        await content.Stream.ReadExactlyAsync(end);
        Assert.Equal(bytes[290_000..290_010], end);
    }

    [Promise]
    public async Task Files_of_the_old_layout_move_into_the_store_and_are_there_at_every_moment()
    {
        foreach (var i in Enumerable.Range(0, 40))
        {
            await _store.PlantAsync($"0/run/artifacts/f{i}", $"text {i}");
        }

        await _store.PlantAsync("0/run/artifacts/named", "old");
        await _store.WriteAsync("0/run/artifacts/named", "new");
        var listed = await _store.ListAsync("0/run/artifacts");
        using var stop = new CancellationTokenSource();
        var reads = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % 40)
            {
                Assert.Equal($"text {i}", await _store.ReadAsync($"0/run/artifacts/f{i}"));
                Assert.Equal(listed, await _store.ListAsync("0/run/artifacts"));
            }
        });

        var report = await SweepAsync(TimeSpan.FromDays(1));
        await stop.CancelAsync();
        await reads;

        Assert.Equal((41, 0), (report.Moved.Files, report.Moved.Problems.Count));
        Assert.Empty(Directory.GetFileSystemEntries(_store.Files));
        Assert.Equal("new", await _store.ReadAsync("0/run/artifacts/named"));
        Assert.Equal(listed, await _store.ListAsync("0/run/artifacts"));
        await _store.DeleteAsync("0");
        Assert.Empty(await _store.ListAsync(""));
    }

    [Promise]
    public async Task A_file_of_the_old_layout_that_is_not_what_was_registered_is_told_and_stays()
    {
        await _store.PlantAsync("m/x", "true");
        await _store.Store.ManifestAsync(ArtifactPath.Parse("m"), CancellationToken.None);
        var file = Path.Join(_store.Files, "m", "x");
        var time = File.GetLastWriteTimeUtc(file);
        await File.WriteAllTextAsync(file, "evil");
        File.SetLastWriteTimeUtc(file, time);

        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Contains("'m/x'", Assert.Single(report.Moved.Problems), StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Promise]
    public async Task Who_deletes_old_files_while_they_move_does_not_find_them_again()
    {
        for (var round = 0; round < 5; round++)
        {
            foreach (var i in Enumerable.Range(0, 10))
            {
                await _store.PlantAsync($"d/f{i}", $"text {i}");
            }

            await Task.WhenAll(Task.Run(() => SweepAsync(TimeSpan.Zero)), Task.Run(() => _store.DeleteAsync("d")));

            Assert.Empty(await _store.ListAllAsync("d"));
            Assert.Empty(await _store.ListAsync(""));
        }
    }

    private async Task OpenAsync()
    {
        _blobs = new CountingBlobs(Path.Join(_fresh.Folder, "artifacts", "packs"));
        _store = await FreshStore.OpenAsync(_fresh, _time, _blobs);
    }

    // A millisecond later than everything before it.
    private Task<CollectReport> SweepAsync(TimeSpan grace)
    {
        if (grace == TimeSpan.Zero)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return _store.Collector.RunAsync(new CollectOptions(IsDryRun: false, grace), CancellationToken.None);
    }

    private long PacksOnDisk() => new DirectoryInfo(_store.Packs).GetFiles().Sum(file => file.Length);

    private async Task AssertHoldsAsync(string path, byte[] bytes)
    {
        var held = await _store.ReadBytesAsync(path);
        Assert.True(bytes.AsSpan().SequenceEqual(held), path);
    }
}

public sealed class CollectorOnSqlite() : CollectorContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class CollectorOnPostgres() : CollectorContract(Fresh.PostgresAsync);
