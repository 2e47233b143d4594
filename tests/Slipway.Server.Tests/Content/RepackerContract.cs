using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What a sweep promises of packs, whatever the database.</summary>
public abstract class RepackerContract(Func<Task<Fresh>> freshDatabase) : SweptContract(freshDatabase)
{
    [Promise]
    public async Task Packs_that_are_mostly_unused_or_small_are_copied_together_while_others_read()
    {
        var big = Samples.Random(1, 6 << 20);
        await Store.WriteAsync("big", big);
        await Store.WriteAsync("part", big[..(1 << 20)]);
        foreach (var i in Enumerable.Range(0, 20))
        {
            await Store.WriteAsync($"small/{i}", Samples.Random(100 + i, 5_000));
        }

        await using var reading = await Store.OpenAsync("small/3");
        await using var half = await Store.OpenAsync("part");
        var first = new byte[10];
        await half.Stream.ReadExactlyAsync(first);
        await Store.DeleteAsync("big");
        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Equal((22, 22), (report.Repacked, report.Packs));
        Assert.Single(Directory.GetFiles(Store.Packs));
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
        await Store.WriteAsync("x", bytes);
        await Store.WriteAsync("part", [.. bytes[..300_000], .. new byte[10]]);
        await Store.DeleteAsync("x");
        var pack = Directory.GetFiles(Store.Packs).MaxBy(file => new FileInfo(file).Length)!;
        var stored = await File.ReadAllBytesAsync(pack);
        stored[10] ^= 1;
        await File.WriteAllBytesAsync(pack, stored);

        await SweepAsync(TimeSpan.Zero);

        Assert.Equal(FaultKind.Damaged, (await Assert.ThrowsAsync<Fault>(() => Store.ReadBytesAsync("part"))).Kind);
        Assert.True(File.Exists(pack));
        await using var content = await Store.OpenAsync("part");
        content.Stream.Position = 290_000;
        var end = new byte[10];
        await content.Stream.ReadExactlyAsync(end);
        Assert.Equal(bytes[290_000..290_010], end);
    }
}

public sealed class RepackerOnSqlite() : RepackerContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RepackerOnPostgres() : RepackerContract(Fresh.PostgresAsync);
