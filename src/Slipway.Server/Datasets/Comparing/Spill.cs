using Microsoft.Win32.SafeHandles;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Records of one size on disk, in partitions: much more than memory holds is written in any order, and read partition by partition.</summary>
/// <remarks>
/// There is one file. A partition gathers its records in memory until a block is full, and remembers where its blocks are.
/// The file's name is gone as soon as it is open, so that not even a crash leaves it behind.
/// </remarks>
internal sealed class Spill : IDisposable
{
    private const int BlockSize = 16 << 10;

    private readonly SafeFileHandle _file;
    private readonly int _recordSize;
    private readonly Partition[] _partitions;
    private long _end;

    public Spill(string folder, int recordSize, int partitions)
    {
        _recordSize = recordSize;
        var recordsInBlock = Math.Max(BlockSize / recordSize, 1);
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Partition(new byte[recordsInBlock * recordSize]))];

        var path = Path.Join(folder, $"{Guid.NewGuid():N}.spill");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous);
        File.Delete(path);
    }

    public int Partitions => _partitions.Length;

    public async ValueTask AddAsync(int partition, ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        var target = _partitions[partition];
        record.CopyTo(target.Block.AsMemory(target.Used));
        target.Used += _recordSize;
        if (target.Used == target.Block.Length)
        {
            await RandomAccess.WriteAsync(_file, target.Block, _end, cancellationToken);
            target.Places.Add(_end);
            _end += target.Used;
            target.Used = 0;
        }
    }

    /// <summary>Shows each record of a partition, in the order in which they were added.</summary>
    public async Task EachAsync(int partition, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var source = _partitions[partition];
        var block = new byte[source.Block.Length];
        foreach (var place in source.Places)
        {
            await ReadAsync(block, place, cancellationToken);
            Split(block, take);
        }

        Split(source.Block.AsSpan(0, source.Used), take);
    }

    public void Dispose() => _file.Dispose();

    private async Task ReadAsync(Memory<byte> block, long place, CancellationToken cancellationToken)
    {
        while (!block.IsEmpty)
        {
            var count = await RandomAccess.ReadAsync(_file, block, place, cancellationToken);
            if (count == 0)
            {
                throw new EndOfStreamException("A file of the server's own is shorter than what was written to it.");
            }

            block = block[count..];
            place += count;
        }
    }

    private void Split(ReadOnlySpan<byte> block, Action<ReadOnlySpan<byte>> take)
    {
        for (; !block.IsEmpty; block = block[_recordSize..])
        {
            take(block[.._recordSize]);
        }
    }

    private sealed class Partition(byte[] block)
    {
        public byte[] Block => block;

        public int Used { get; set; }

        public List<long> Places { get; } = [];
    }
}
