using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Slipway.Server.Datasets.Reading;

/// <summary>Text in UTF-8 without a byte order mark, whatever it was written in: UTF-8, or UTF-16 where a mark says so.</summary>
/// <remarks>
/// UTF-16 that is broken comes out as a byte that no UTF-8 holds, so that the check of each cell finds both kinds of
/// damage, and names the place.
/// </remarks>
internal sealed class Utf8Stream : Stream
{
    private const byte Broken = 0xFF;
    private const int BlockSize = 16 << 10;

    private readonly Stream _inner;
    private readonly ByteOrder _order;

    // What was read from the inner stream and not given out yet: bytes as they came.
    private readonly byte[] _block = new byte[BlockSize];
    private int _start;
    private int _end;

    // Converted, and not given out yet. A unit of two bytes becomes three at most.
    private readonly byte[] _converted;
    private int _convertedStart;
    private int _convertedEnd;
    private bool _ended;

    private Utf8Stream(Stream inner, ByteOrder order, ReadOnlySpan<byte> rest)
    {
        _inner = inner;
        _order = order;
        rest.CopyTo(_block);
        _end = rest.Length;
        _converted = order == ByteOrder.None ? [] : new byte[BlockSize * 2];
    }

    private enum ByteOrder
    {
        None,
        Little,
        Big,
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static async Task<Utf8Stream> OpenAsync(Stream inner, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var count = await inner.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return Open(inner, head.AsSpan(0, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_order == ByteOrder.None)
        {
            return _start < _end ? TakeBytes(buffer.Span) : await _inner.ReadAsync(buffer, cancellationToken);
        }

        while (_convertedStart == _convertedEnd && !_ended)
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            _end -= _start;
            _start = 0;
            var count = await _inner.ReadAsync(_block.AsMemory(_end), cancellationToken);
            _end += count;
            _ended = count == 0;
            Convert();
        }

        return TakeConverted(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Rows are read asynchronously throughout; a caller that does not would block on the network.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static Utf8Stream Open(Stream inner, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith<byte>([0xFF, 0xFE, 0, 0]) || head.StartsWith<byte>([0, 0, 0xFE, 0xFF]))
        {
            throw new TablePlace(1, 1).Fault("the file is UTF-32. Write it as UTF-8.");
        }

        if (head.StartsWith<byte>([0xFF, 0xFE]))
        {
            return new Utf8Stream(inner, ByteOrder.Little, head[2..]);
        }

        if (head.StartsWith<byte>([0xFE, 0xFF]))
        {
            return new Utf8Stream(inner, ByteOrder.Big, head[2..]);
        }

        return new Utf8Stream(inner, ByteOrder.None, head.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? head[3..] : head);
    }

    private int TakeBytes(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _block.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private int TakeConverted(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _convertedEnd - _convertedStart);
        _converted.AsSpan(_convertedStart, count).CopyTo(buffer);
        _convertedStart += count;
        return count;
    }

    private void Convert()
    {
        (_convertedStart, _convertedEnd) = (0, 0);
        var units = Units(_block.AsSpan(0, _end & ~1));
        while (!units.IsEmpty)
        {
            var status = Utf8.FromUtf16(units, _converted.AsSpan(_convertedEnd), out var read, out var written, replaceInvalidSequences: false, isFinalBlock: _ended);
            _start += read * sizeof(char);
            _convertedEnd += written;
            units = units[read..];
            if (status != OperationStatus.InvalidData)
            {
                // Half of a pair may wait for its other half.
                break;
            }

            _converted[_convertedEnd++] = Broken;
            _start += sizeof(char);
            units = units[1..];
        }

        if (_ended && _start < _end)
        {
            _converted[_convertedEnd++] = Broken;
            _start = _end;
        }
    }

    private ReadOnlySpan<char> Units(Span<byte> bytes)
    {
        var units = MemoryMarshal.Cast<byte, char>(bytes);
        if (_order == ByteOrder.Little == BitConverter.IsLittleEndian)
        {
            return units;
        }

        var swapped = new ushort[units.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<char, ushort>(units), swapped);
        return MemoryMarshal.Cast<ushort, char>(swapped);
    }
}
