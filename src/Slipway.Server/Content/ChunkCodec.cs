using System.IO.Compression;

namespace Slipway.Server.Content;

/// <summary>How a chunk's bytes lie in a pack.</summary>
internal enum ChunkCodec
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>Brotli.</summary>
    Brotli = 1,
}

/// <summary>Makes chunks smaller where that saves more than a tenth, and gives up early on content where it does not.</summary>
/// <remarks>One for each upload: it remembers what the last chunks were like.</remarks>
internal sealed class ChunkPress(bool isOn)
{
    private const int Quality = 1;
    private const int WindowBits = 18;
    private const int SampleLength = 4 << 10;

    /// <summary>After this many chunks in a row that did not shrink, only each eighth is tried.</summary>
    private const int Patience = 8;

    private readonly byte[] _pressed = isOn ? new byte[Chunker.Greatest] : [];
    private int _failures;
    private int _skipped;

    /// <summary>The bytes to store, valid until the next call.</summary>
    public ReadOnlySpan<byte> Press(ReadOnlySpan<byte> chunk, out ChunkCodec codec)
    {
        codec = ChunkCodec.Plain;
        if (!isOn || !IsWorthTrying(chunk))
        {
            return chunk;
        }

        if (!BrotliEncoder.TryCompress(chunk, _pressed.AsSpan(0, Limit(chunk.Length)), out var written, Quality, WindowBits))
        {
            _failures++;
            return chunk;
        }

        (_failures, codec) = (0, ChunkCodec.Brotli);
        return _pressed.AsSpan(0, written);
    }

    /// <summary>Puts the chunk's own bytes into the destination, which is just as long; false when they are not that.</summary>
    public static bool TryRestore(ReadOnlySpan<byte> stored, ChunkCodec codec, Span<byte> destination)
    {
        switch (codec)
        {
            case ChunkCodec.Plain when stored.Length == destination.Length:
                stored.CopyTo(destination);
                return true;
            case ChunkCodec.Brotli:
                return BrotliDecoder.TryDecompress(stored, destination, out var written) && written == destination.Length;
            default:
                return false;
        }
    }

    private static int Limit(int length) => length - (length / 10) - 1;

    private bool IsWorthTrying(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 64 || (_failures >= Patience && ++_skipped % 8 != 0))
        {
            return false;
        }

        if (chunk.Length <= 2 * SampleLength || _failures == 0)
        {
            return true;
        }

        // A part from the middle tells almost as much as all of it.
        var sample = chunk.Slice(chunk.Length / 2, SampleLength);
        if (BrotliEncoder.TryCompress(sample, _pressed.AsSpan(0, Limit(sample.Length)), out _, Quality, WindowBits))
        {
            return true;
        }

        _failures++;
        return false;
    }
}
