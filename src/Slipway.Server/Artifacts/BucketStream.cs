using Amazon.Runtime;
using Amazon.S3;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Reads a file of the bucket from any position on, as long as it stays what it was when it was opened.</summary>
internal sealed class BucketStream(ArtifactPath path, long length, Func<long, CancellationToken, Task<Stream>> open) : Stream
{
    private Stream? _from;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Whether it is S3, and not we, that failed.</summary>
    public static bool IsTrouble(Exception exception) => exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;

    /// <summary>What to say of it.</summary>
    public static Fault Trouble(ArtifactPath path, Exception exception) => exception is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.PreconditionFailed }
        ? Fault.Unavailable($"'{path}' was replaced while it was read. Ask for it again.", exception)
        : Fault.Unavailable($"'{path}' can't be had from S3 now: {exception.Message}", exception);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            _from ??= await open(_position, cancellationToken);
            var read = await _from.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - _position)], cancellationToken);
            _position += read > 0 ? read : throw new IOException("it ended early.");
            return read;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            throw Trouble(path, exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = offset + (origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        });
        if (position != _position)
        {
            _from?.Dispose();
            _from = null;
        }

        return _position = position;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _from?.Dispose();
        }

        base.Dispose(disposing);
    }
}
