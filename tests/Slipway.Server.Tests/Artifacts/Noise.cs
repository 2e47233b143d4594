using System.Buffers.Binary;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>A stream of bytes that look random and are always the same (a multiplicative generator of 64 bits).</summary>
internal sealed class Noise(long length) : Stream
{
    private readonly byte[] _block = new byte[4096];
    private ulong _state = 0x9E37_79B9_7F4A_7C15;
    private int _used = 4096;
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, _left);
        for (var done = 0; done < wanted;)
        {
            if (_used == _block.Length)
            {
                Fill();
            }

            var some = Math.Min(wanted - done, _block.Length - _used);
            _block.AsSpan(_used, some).CopyTo(buffer[done..]);
            (_used, done) = (_used + some, done + some);
        }

        _left -= wanted;
        return wanted;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fill()
    {
        for (var at = 0; at < _block.Length; at += sizeof(ulong))
        {
            _state = (_state * 6364136223846793005) + 1442695040888963407;
            BinaryPrimitives.WriteUInt64LittleEndian(_block.AsSpan(at), _state ^ (_state >> 33));
        }

        _used = 0;
    }
}
