namespace Slipway.Server.Tests.Artifacts;

/// <summary>Many zero bytes.</summary>
internal sealed class Zeros(long length) : MemoryStream
{
    private long _left = length;

    public override bool CanSeek => false;

    // Unknown, so that it is sent in chunks.
    public override long Length => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = (int)Math.Min(buffer.Length, _left);
        buffer[..read].Clear();
        _left -= read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        var buffer = new byte[bufferSize];
        while (Read(buffer) is var read and > 0)
        {
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
