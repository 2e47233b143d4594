using System.Buffers.Binary;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Compares the rows of two tables in bounded memory, however many there are.</summary>
/// <remarks>
/// 1. Each row becomes a small record, and the records of a table go to disk, partitioned by what names the row.
/// 2. Rows that may belong together are in the same partition of both tables, so one pair of partitions is matched after the other.
/// 3. The first of the rows found are read once more, to show them.
/// </remarks>
internal sealed class RowComparison(TableSource left, TableSource right, SharedColumns columns, string folder)
{
    // What a pair of partitions may hold, and at most how many there are: each has a block in memory while it is written.
    private const long PartitionBytes = 8 << 20;
    private const int PartitionLimit = 512;

    /// <exception cref="Fault">The key columns name no row, or a table can't be read.</exception>
    public async Task<RowDifference> CompareAsync(long rows, CancellationToken cancellationToken)
    {
        var size = RowRecord.Size(columns);
        var partitions = (int)Math.Clamp(rows * size / PartitionBytes, 1, PartitionLimit);
        using var leftRecords = new Spill(folder, size, partitions);
        using var rightRecords = new Spill(folder, size, partitions);
        await WriteAsync(left, leftRecords, cancellationToken);
        await WriteAsync(right, rightRecords, cancellationToken);

        var tally = new RowTally(columns);
        IRowMatcher matcher = columns.Keys == 0 ? new WholeRows(tally) : new KeyedRows(tally, columns);
        for (var partition = 0; partition < partitions; partition++)
        {
            await leftRecords.EachAsync(partition, record => matcher.AddLeft(new RowRecord(record)), cancellationToken);
            await rightRecords.EachAsync(partition, record => matcher.AddRight(new RowRecord(record)), cancellationToken);
            matcher.Finish();
        }

        return await AddSamplesAsync(tally, cancellationToken);
    }

    private async Task WriteAsync(TableSource source, Spill records, CancellationToken cancellationToken)
    {
        await using var content = await source.Open(cancellationToken);
        await using var reader = await TableReader.OpenAsync(content, source.Format, cancellationToken);
        var encoder = new RowEncoder(reader, columns);
        while (await reader.ReadAsync(cancellationToken))
        {
            var record = encoder.Encode();

            // The bytes of a SHA-256 are as good as random.
            var partition = (int)(BinaryPrimitives.ReadUInt32LittleEndian(record.Span) % (uint)records.Partitions);
            await records.AddAsync(partition, record, cancellationToken);
        }
    }

    private async Task<RowDifference> AddSamplesAsync(RowTally tally, CancellationToken cancellationToken)
    {
        var (added, removed, changed) = (tally.AddedRows.Pairs, tally.RemovedRows.Pairs, tally.ChangedRows.Pairs);
        var leftRows = await ReadRowsAsync(left, [.. removed.Concat(changed).Select(pair => pair.Left)], cancellationToken);
        var rightRows = await ReadRowsAsync(right, [.. added.Concat(changed).Select(pair => pair.Right)], cancellationToken);
        return tally.ToDifference() with
        {
            SampleColumns = columns.Names,
            AddedSamples = [.. added.Select(pair => rightRows[pair.Right])],
            RemovedSamples = [.. removed.Select(pair => leftRows[pair.Left])],
            ChangedSamples = [.. changed.Select(pair => (leftRows[pair.Left], rightRows[pair.Right]))],
        };
    }

    private async Task<Dictionary<long, RowSample>> ReadRowsAsync(TableSource source, HashSet<long> wanted, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, RowSample>();
        if (wanted.Count == 0)
        {
            return found;
        }

        await using var content = await source.Open(cancellationToken);
        await using var reader = await TableReader.OpenAsync(content, source.Format, cancellationToken);
        var encoder = new RowEncoder(reader, columns);
        while (found.Count < wanted.Count && await reader.ReadAsync(cancellationToken))
        {
            if (wanted.Contains(reader.Row))
            {
                found.Add(reader.Row, encoder.Show());
            }
        }

        return found;
    }
}
