using System.Buffers.Binary;
using Slipway.Server.Datasets.Comparing;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>Records that were spilled come back whole and in their order, whatever their size.</summary>
public sealed class SpillTests
{
    [Theory]
    [InlineData(8, 1, 20_000)]
    [InlineData(24, 7, 20_000)]
    [InlineData(1000, 3, 500)]
    [InlineData(40_000, 2, 30)]
    public async Task Each_partition_holds_what_was_added_to_it(int size, int partitions, int count)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-spill-").FullName;
        using (var spill = new Spill(folder, size, partitions))
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
            for (var i = 0; i < count; i++)
            {
                var record = new byte[size];
                record.AsSpan().Fill((byte)i);
                BinaryPrimitives.WriteInt32LittleEndian(record, i);
                await spill.AddAsync(i % partitions, record, CancellationToken.None);
            }

            for (var partition = 0; partition < partitions; partition++)
            {
                var found = new List<int>();
                await spill.EachAsync(partition, record => found.Add(Check(record, size)), CancellationToken.None);
                Assert.Equal(Enumerable.Range(0, count).Where(i => i % partitions == partition), found);
            }
        }

        Directory.Delete(folder);
    }

    private static int Check(ReadOnlySpan<byte> record, int size)
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(record);
        Assert.Equal(size, record.Length);
        Assert.False(record[4..].ContainsAnyExcept((byte)number));
        return number;
    }
}
