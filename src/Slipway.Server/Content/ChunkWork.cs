using System.Security.Cryptography;
using Slipway.Wire.Content;

namespace Slipway.Server.Content;

/// <summary>The chunks of a batch, hashed and pressed by several threads: that is what an upload costs.</summary>
internal sealed class ChunkWork
{
    // More would only wait for the reader of the body.
    private static readonly ParallelOptions Threads = new() { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };

    private readonly ChunkBatch _batch;
    private readonly Memory<byte> _room;
    private readonly int[] _starts;
    private readonly string[] _hashes;
    private readonly (int Length, ChunkCodec Codec)[] _stored;

    /// <param name="batch">What came.</param>
    /// <param name="room">As long as the batch; what is pressed lies there.</param>
    public ChunkWork(ChunkBatch batch, Memory<byte> room)
    {
        (_batch, _room) = (batch, room);
        _starts = new int[batch.Lengths.Count];
        _hashes = new string[batch.Lengths.Count];
        _stored = new (int, ChunkCodec)[batch.Lengths.Count];
        for (var i = 1; i < _starts.Length; i++)
        {
            _starts[i] = _starts[i - 1] + batch.Lengths[i - 1];
        }
    }

    /// <summary>The SHA-256 of each chunk, in order.</summary>
    public IReadOnlyList<string> Hashes => _hashes;

    /// <param name="whole">Takes all of the batch, while its chunks are hashed.</param>
    public async Task HashAsync(IncrementalHash? whole)
    {
        var all = whole is null ? Task.CompletedTask : Task.Run(() => whole.AppendData(_batch.Bytes.Span));
        await Parallel.ForAsync(0, _hashes.Length, Threads, (i, _) =>
        {
            _hashes[i] = Convert.ToHexStringLower(SHA256.HashData(BytesOf(i).Span));
            return ValueTask.CompletedTask;
        });
        await all;
    }

    public Task PressAsync(IReadOnlyList<int> chunks, ChunkPress press) => Parallel.ForAsync(0, chunks.Count, Threads, (i, _) =>
    {
        var chunk = chunks[i];
        var length = press.Press(BytesOf(chunk).Span, RoomOf(chunk).Span, out var codec);
        _stored[chunk] = (length, codec);
        return ValueTask.CompletedTask;
    });

    public int LengthOf(int chunk) => _batch.Lengths[chunk];

    /// <summary>The bytes to store of a chunk that was pressed.</summary>
    public ReadOnlySpan<byte> StoredOf(int chunk, out ChunkCodec codec)
    {
        (var length, codec) = _stored[chunk];
        return (codec == ChunkCodec.Plain ? BytesOf(chunk) : RoomOf(chunk)).Span[..length];
    }

    private ReadOnlyMemory<byte> BytesOf(int chunk) => _batch.Bytes.Slice(_starts[chunk], LengthOf(chunk));

    private Memory<byte> RoomOf(int chunk) => _room.Slice(_starts[chunk], LengthOf(chunk));
}
