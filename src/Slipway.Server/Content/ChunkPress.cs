using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Slipway.Server.Content;

/// <summary>Makes chunks smaller where that saves more than a tenth, and gives up early on content where it does not.</summary>
/// <remarks>One for each upload: it remembers what the last chunks were like. Several threads may press at once.</remarks>
internal sealed class ChunkPress(bool isOn)
{
    // Of the levels that keep up with a disk, the one that still codes single digits in less than a byte. Without the shortest
    // matches a table of numbers becomes a twentieth larger, and is restored in two thirds of the time.
    private const int Level = 1;
    private const int ShortestMatch = 7;
    private const int SampleLength = 4 << 10;

    /// <summary>After this many chunks in a row that did not shrink, only each eighth is tried.</summary>
    private const int Patience = 8;

    // As many as threads ever pressed or restored at once: each holds tables that are dear to make.
    private static readonly ConcurrentBag<Compressor> Compressors = [];
    private static readonly ConcurrentBag<Decompressor> Decompressors = [];

    private int _failures;
    private int _skipped;

    /// <summary>Puts the bytes to store into the destination, which is as long as the chunk, unless they are the chunk's own.</summary>
    /// <returns>How many there are.</returns>
    public int Press(ReadOnlySpan<byte> chunk, Span<byte> destination, out ChunkCodec codec)
    {
        codec = ChunkCodec.Plain;
        if (!isOn || !IsWorthTrying(chunk, destination))
        {
            return chunk.Length;
        }

        if (!TryCompress(chunk, destination, out var written))
        {
            Interlocked.Increment(ref _failures);
            return chunk.Length;
        }

        Volatile.Write(ref _failures, 0);
        codec = ChunkCodec.Zstandard;
        return written;
    }

    /// <summary>Puts the chunk's own bytes into the destination, which is just as long; false when they are not that.</summary>
    public static bool TryRestore(ReadOnlySpan<byte> stored, ChunkCodec codec, Span<byte> destination)
    {
        switch (codec)
        {
            case ChunkCodec.Plain when stored.Length == destination.Length:
                stored.CopyTo(destination);
                return true;
            case ChunkCodec.Zstandard:
                return TryDecompress(stored, destination);
            default:
                return false;
        }
    }

    private bool IsWorthTrying(ReadOnlySpan<byte> chunk, Span<byte> destination)
    {
        var failures = Volatile.Read(ref _failures);
        if (chunk.Length < 64 || (failures >= Patience && Interlocked.Increment(ref _skipped) % 8 != 0))
        {
            return false;
        }

        // A part from the middle tells almost as much as all of it.
        if (chunk.Length <= 2 * SampleLength || failures == 0 || TryCompress(chunk.Slice(chunk.Length / 2, SampleLength), destination, out _))
        {
            return true;
        }

        Interlocked.Increment(ref _failures);
        return false;
    }

    private static bool TryCompress(ReadOnlySpan<byte> bytes, Span<byte> destination, out int written)
    {
        var compressor = Compressors.TryTake(out var free) ? free : Create();
        var fits = compressor.TryWrap(bytes, destination[..(bytes.Length - (bytes.Length / 10) - 1)], out written);
        Compressors.Add(compressor);
        return fits;
    }

    private static Compressor Create()
    {
        var compressor = new Compressor(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_minMatch, ShortestMatch);
        return compressor;
    }

    private static bool TryDecompress(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        var decompressor = Decompressors.TryTake(out var free) ? free : new Decompressor();
        try
        {
            return decompressor.TryUnwrap(stored, destination, out var written) && written == destination.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
        finally
        {
            Decompressors.Add(decompressor);
        }
    }
}
