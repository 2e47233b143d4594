using System.Buffers;

namespace Slipway.Wire.Content;

/// <summary>Reads a content as batches of whole chunks, from two buffers in turn: one is read into while the other is worked on.</summary>
/// <remarks>A batch may be used until the one after the next is asked for.</remarks>
public sealed class ChunkReader : IDisposable
{
    /// <summary>No batch is longer.</summary>
    public const int LargestBatch = BatchSize + Chunker.Greatest;

    private const int BatchSize = 768 << 10;

    private readonly Stream _content;
    private readonly byte[]?[] _buffers = new byte[]?[2];
    private int _turn;
    private ReadOnlyMemory<byte> _rest;
    private bool _isDone;

    /// <summary>Reads from the stream's position on, which has to be where a chunk begins.</summary>
    /// <param name="content">Read to its end, and left open.</param>
    public ChunkReader(Stream content) => _content = content;

    /// <summary>The next batch; null after the last.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ChunkBatch?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
        {
            return null;
        }

        var buffer = _buffers[_turn] ??= ArrayPool<byte>.Shared.Rent(LargestBatch);
        _turn ^= 1;
        var carried = _rest.Length;
        _rest.CopyTo(buffer);

        var read = await _content.ReadAtLeastAsync(buffer.AsMemory(carried, BatchSize), BatchSize, throwOnEndOfStream: false, cancellationToken);
        _isDone = read < BatchSize;
        return Cut(buffer.AsMemory(0, carried + read));
    }

    /// <summary>Gives the buffers back: no batch may be used any more.</summary>
    public void Dispose()
    {
        foreach (var buffer in _buffers.OfType<byte[]>())
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ChunkBatch Cut(ReadOnlyMemory<byte> content)
    {
        var lengths = new List<int>((content.Length / Chunker.Least) + 1);
        var end = 0;
        while (Chunker.Cut(content.Span[end..], _isDone) is var length and > 0)
        {
            lengths.Add(length);
            end += length;
        }

        _rest = content[end..];
        return new ChunkBatch(content[..end], lengths);
    }
}

/// <summary>Chunks, one behind the other.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="Lengths">How long each is.</param>
public sealed record ChunkBatch(ReadOnlyMemory<byte> Bytes, IReadOnlyList<int> Lengths);
