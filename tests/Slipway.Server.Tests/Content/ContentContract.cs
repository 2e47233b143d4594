using Slipway.Server.Tests.Artifacts;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What the content store promises, whatever the database.</summary>
public abstract class ContentContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private CountingBlobs _blobs = null!;
    private FreshStore _store = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _blobs = new CountingBlobs(Path.Join(_fresh.Folder, "artifacts", "packs"));
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
    [InlineData(16 << 10)]
    [InlineData(300_000)]
    [InlineData(5_000_000)]
    [InlineData(64 << 20)]
    public async Task Content_comes_back_byte_for_byte(int length)
    {
        foreach (var (name, bytes) in new[] { ("random", Samples.Random(length, length)), ("text", Samples.Table(length, length)), ("zeros", new byte[length]) })
        {
            var stored = await _store.WriteAsync(name, bytes);

            Assert.Equal((length, Samples.Sha256(bytes)), ((int)stored.Size, stored.Sha256));
            await AssertHoldsAsync(name, bytes);
        }
    }

    [Promise]
    public async Task What_is_the_same_is_kept_once()
    {
        var first = Samples.Random(1, 4 << 20);
        await _store.WriteAsync("a/1", first);
        var kept = await _store.StoredBytesAsync();

        await _store.WriteAsync("a/2", first);
        Assert.Equal(kept, await _store.StoredBytesAsync());

        byte[] second = [.. first[..1_000_000], 1, 2, 3, .. first[1_000_000..]];
        await _store.WriteAsync("b", second);
        Assert.InRange(await _store.StoredBytesAsync() - kept, 1, 5 * 64 << 10);
        await AssertHoldsAsync("b", second);
        await AssertHoldsAsync("a/2", first);
    }

    [Promise]
    public async Task What_repeats_within_one_content_is_kept_once()
    {
        var block = Samples.Random(5, 2 << 20);

        await _store.WriteAsync("x", [.. block, .. block, .. block]);

        Assert.InRange(await _store.StoredBytesAsync(), 1, (2 << 20) + (6 * 128 << 10));
    }

    [Promise]
    public async Task Text_takes_less_than_its_length_and_noise_no_more()
    {
        await _store.WriteAsync("text", Samples.Table(1, 4 << 20));
        var text = await _store.StoredBytesAsync();
        await _store.WriteAsync("noise", Samples.Random(1, 4 << 20));

        Assert.InRange(text, 1, 3 << 20);
        Assert.Equal(4 << 20, await _store.StoredBytesAsync() - text);
    }

    [Promise]
    public async Task Many_who_store_the_same_at_once_all_find_it_and_it_is_indexed_once()
    {
        var bytes = Samples.Random(2, 3 << 20);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => _store.WriteAsync($"d/{i}", bytes))));

        foreach (var i in Enumerable.Range(0, 8))
        {
            await AssertHoldsAsync($"d/{i}", bytes);
        }

        Assert.Equal(1, await _store.NumberAsync($"select count(*) from content_objects"));
        Assert.Equal(3 << 20, await _store.NumberAsync($"select cast(sum(length) as bigint) from content_chunks"));
        Assert.Equal(0, await _store.NumberAsync($"select count(*) from content_leases"));
    }

    [Promise]
    public async Task A_range_needs_only_the_chunks_that_hold_it()
    {
        var bytes = Samples.Random(3, 8 << 20);
        await _store.WriteAsync("x", bytes);
        foreach (var start in new[] { 0, 1_234_567, 4 << 20, (8 << 20) - 10 })
        {
            await using var content = await _store.OpenAsync("x");
            var before = _blobs.BytesRead;
            var range = new byte[10];
            content.Stream.Position = start;

            await content.Stream.ReadExactlyAsync(range);

            Assert.Equal(bytes[start..(start + 10)], range);
            Assert.InRange(_blobs.BytesRead - before, 1, 2 * 256 << 10);
        }
    }

    [Promise]
    public async Task A_reader_may_jump_anywhere()
    {
        var bytes = Samples.Table(9, 6 << 20);
        await _store.WriteAsync("x", bytes);
        await using var content = await _store.OpenAsync("x");
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var start = random.Next(bytes.Length);
            var part = new byte[Math.Min(random.Next(1, i % 5 == 0 ? 2_000_000 : 50_000), bytes.Length - start)];
            content.Stream.Position = start;

            await content.Stream.ReadExactlyAsync(part);

            Assert.True(bytes.AsSpan(start, part.Length).SequenceEqual(part));
        }
    }

    [PromiseTheory]
    [InlineData("random")]
    [InlineData("text")]
    public async Task A_flipped_bit_anywhere_in_a_pack_is_an_error_that_names_the_object(string kind)
    {
        var bytes = kind == "random" ? Samples.Random(4, 700_000) : Samples.Table(4, 700_000);
        await _store.WriteAsync("d/model.bin", bytes);
        var pack = Assert.Single(Directory.GetFiles(_store.Packs));
        var good = await File.ReadAllBytesAsync(pack);
        var random = new Random(5);

        // Every bit of the first frame's header, some of which mean nothing, and some bits anywhere.
        foreach (var bit in Enumerable.Range(0, 80).Concat(Enumerable.Range(0, 40).Select(_ => random.Next(8 * good.Length))))
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(pack, bad);
            await AssertDamagedAsync("d/model.bin", bytes);
        }

        await File.WriteAllBytesAsync(pack, good);
        await AssertHoldsAsync("d/model.bin", bytes);
    }

    [Promise]
    public async Task A_pack_that_is_cut_off_or_gone_is_an_error_that_names_the_object()
    {
        var bytes = Samples.Random(4, 700_000);
        await _store.WriteAsync("d/model.bin", bytes);
        var pack = Assert.Single(Directory.GetFiles(_store.Packs));

        await File.WriteAllBytesAsync(pack, (await File.ReadAllBytesAsync(pack))[..^1]);
        await AssertDamagedAsync("d/model.bin", bytes);

        File.Delete(pack);
        await AssertDamagedAsync("d/model.bin", bytes);
    }

    [Promise]
    public async Task A_change_in_the_index_is_an_error_that_names_the_object()
    {
        var bytes = Samples.Random(4, 700_000);
        await _store.WriteAsync("d/model.bin", bytes);
        await _store.WriteAsync("d/other.bin", Samples.Random(6, 700_000));
        foreach (var (damage, mend) in Damages())
        {
            await _store.ExecuteAsync(damage);
            await AssertDamagedAsync("d/model.bin", bytes);
            await _store.ExecuteAsync(mend);
            await AssertHoldsAsync("d/model.bin", bytes);
        }
    }

    [Promise]
    public async Task A_list_of_chunks_with_a_flipped_bit_is_an_error_that_names_the_object()
    {
        var bytes = Samples.Random(4, 300_000);
        await _store.WriteAsync("d/model.bin", bytes);
        var parts = await _store.Database.ReadAsync(reader => reader.FindAsync($"select parts from content_segments", row => row.GetFieldValue<byte[]>(0), CancellationToken.None), CancellationToken.None);
        for (var i = 0; i < parts!.Length; i += 3)
        {
            var bad = (byte[])parts.Clone();
            bad[i] ^= 4;
            await _store.ExecuteAsync($"update content_segments set parts = {bad}");
            await AssertDamagedAsync("d/model.bin", bytes);
        }
    }

    [Promise]
    public async Task A_name_that_was_pointed_elsewhere_is_an_error()
    {
        var bytes = Samples.Random(4, 100_000);
        await _store.WriteAsync("d/model.bin", bytes);
        await _store.WriteAsync("d/small", "x"u8.ToArray());

        await _store.ExecuteAsync($"update artifact_names set sha256 = {Samples.Sha256("x"u8.ToArray())} where path = 'd/model.bin'");
        await AssertDamagedAsync("d/model.bin", bytes);

        await _store.ExecuteAsync($"update artifact_names set sha256 = {new string('0', 64)} where path = 'd/model.bin'");
        await AssertDamagedAsync("d/model.bin", bytes);
    }

    [Promise]
    public async Task A_name_is_never_a_file_and_a_folder_also_when_many_try()
    {
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(i => Task.Run(() => TryWriteAsync(i % 2 == 0 ? $"r{round}/x" : $"r{round}/x/y{i}"))));

            var names = await _store.ListAllAsync($"r{round}");
            Assert.Contains(true, outcomes);
            Assert.False(names.Any(entry => entry.Path.Text == $"r{round}/x") && names.Any(entry => entry.Path.Text.StartsWith($"r{round}/x/", StringComparison.Ordinal)));
        }
    }

    [Promise]
    public async Task No_file_is_left_without_its_folder_when_others_delete_that()
    {
        for (var round = 0; round < 10; round++)
        {
            await _store.WriteAsync("d/e/old", "x"u8.ToArray());
            var writes = Enumerable.Range(0, 4).Select(i => Task.Run(() => _store.WriteAsync($"d/e/new{i}", "y"u8.ToArray()))).ToList();
            await Task.WhenAll([.. writes, Task.Run(() => _store.DeleteAsync("d"))]);

            var below = await _store.ListAllAsync("d");
            Assert.Equal(below.Count > 0 ? ["d/"] : [], await _store.ListAsync(""));
            Assert.Equal(below.Count > 0 ? ["e/"] : [], await _store.ListAsync("d"));
            Assert.Equal(below.Count, (await _store.ListAsync("d/e")).Count);
            await _store.DeleteAsync("d");
        }
    }

    private static IEnumerable<(Sql Damage, Sql Mend)> Damages()
    {
        yield return ($"update content_chunks set start = start + 1", $"update content_chunks set start = start - 1");
        yield return ($"update content_chunks set stored = stored - 1", $"update content_chunks set stored = stored + 1");
        yield return ($"update content_chunks set codec = 1 - codec", $"update content_chunks set codec = 1 - codec");
        yield return ($"update content_chunks set checksum = checksum + 1", $"update content_chunks set checksum = checksum - 1");
        yield return ($"update content_chunks set pack = 3 - pack", $"update content_chunks set pack = 3 - pack");
        yield return ($"update content_chunks set pack = pack + 100", $"update content_chunks set pack = pack - 100");
        yield return ($"update content_objects set size = size - 1", $"update content_objects set size = size + 1");
        yield return ($"update content_objects set id = id + 100", $"update content_objects set id = id - 100");
        yield return ($"update content_segments set start = start + 1", $"update content_segments set start = start - 1");
        yield return ($"update content_segments set object = object + 100", $"update content_segments set object = object - 100");
        yield return ($"update artifact_names set size = size + 1 where sha256 is not null", $"update artifact_names set size = size - 1 where sha256 is not null");
    }

    private async Task<bool> TryWriteAsync(string path)
    {
        try
        {
            await _store.WriteAsync(path, "x"u8.ToArray());
            return true;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            return false;
        }
    }

    private async Task AssertHoldsAsync(string path, byte[] bytes)
    {
        var held = await _store.ReadBytesAsync(path);
        Assert.True(bytes.AsSpan().SequenceEqual(held), path);
    }

    private async Task AssertDamagedAsync(string path, byte[] bytes)
    {
        var given = new MemoryStream();
        var fault = await Assert.ThrowsAsync<Fault>(async () =>
        {
            await using var content = await _store.OpenAsync(path);
            await content.Stream.CopyToAsync(given);
        });

        Assert.Equal(FaultKind.Damaged, fault.Kind);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.True(bytes.AsSpan().StartsWith(given.ToArray()));
    }
}

public sealed class ContentOnSqlite() : ContentContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ContentOnPostgres() : ContentContract(Fresh.PostgresAsync);
