using System.Buffers.Binary;
using System.Text;

namespace Slipway.Serving.Pickles;

/// <summary>Reads the bytes of a pickle forwards, in bounded memory, and knows at which one it is.</summary>
internal sealed class PickleReader(Stream stream, long start, long end)
{
    /// <summary>Names are shorter; what is longer is skipped and counts as data.</summary>
    public const int TextLimit = 256;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _filled;

    // The next byte's offset in the stream.
    public long Position { get; private set; } = start;

    public Stream Stream => stream;

    public bool AtEnd => _at == _filled && !TryFill();

    public byte Byte()
    {
        if (AtEnd)
        {
            throw Truncated();
        }

        Position++;
        return _buffer[_at++];
    }

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(stackalloc byte[2]));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(stackalloc byte[4]));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(stackalloc byte[4]));

    /// <summary>A length that no file has is refused.</summary>
    public long Length64() => BinaryPrimitives.ReadInt64LittleEndian(Take(stackalloc byte[8])) is var length and >= 0
        ? length
        : throw new PickleRefusal("it tells a length that is not possible", Position);

    /// <summary>So many bytes as a text of UTF-8, or null when they are no short one.</summary>
    public string? Text(long length)
    {
        if (length > TextLimit)
        {
            Skip(length);
            return null;
        }

        return Decode(Take(stackalloc byte[(int)length]));
    }

    /// <summary>What is left of the line as a text of UTF-8, or null when it is no short one.</summary>
    public string? Line()
    {
        Span<byte> line = stackalloc byte[TextLimit];
        for (var length = 0L; ; length++)
        {
            var next = Byte();
            if (next == '\n')
            {
                return length <= TextLimit ? Decode(line[..(int)length]) : null;
            }

            if (length < TextLimit)
            {
                line[(int)length] = next;
            }
        }
    }

    public void Skip(long count)
    {
        if (count > end - Position)
        {
            throw Truncated();
        }

        var buffered = (int)Math.Min(count, _filled - _at);
        Advance(buffered);
        for (var left = count - buffered; left > 0;)
        {
            left -= stream.CanSeek ? Jump(left) : PassBuffer(left);
        }
    }

    public Span<byte> Take(Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Byte();
        }

        return into;
    }

    public PickleRefusal Truncated() => new("it ends before it is complete", Position);

    private void Advance(int count)
    {
        _at += count;
        Position += count;
    }

    private long Jump(long count)
    {
        Position += count;
        return count;
    }

    private long PassBuffer(long left)
    {
        if (AtEnd)
        {
            throw Truncated();
        }

        var passed = (int)Math.Min(left, _filled);
        Advance(passed);
        return passed;
    }

    private bool TryFill()
    {
        if (stream.CanSeek)
        {
            stream.Position = Position;
        }

        _at = 0;
        _filled = stream.Read(_buffer, 0, (int)Math.Min(_buffer.Length, end - Position));
        return _filled > 0;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
