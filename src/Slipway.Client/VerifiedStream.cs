using System.Security.Cryptography;
using Slipway.Wire;

namespace Slipway.Client;

/// <summary>Reads a file, and fails at its end when it was not what it should be.</summary>
internal sealed class VerifiedStream(Stream content, (string Path, long Size, string Sha256) file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;
    private bool _isVerified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => file.Size;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await content.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..count]);
        _length += count;
        if (count == 0 && buffer.Length > 0)
        {
            Verify();
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = content.Read(buffer, offset, count);
        _hash.AppendData(buffer, offset, read);
        _length += read;
        if (read == 0 && count > 0)
        {
            Verify();
        }

        return read;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Verify()
    {
        if (_isVerified)
        {
            return;
        }

        var sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (_length != file.Size || sha256 != file.Sha256)
        {
            throw new SlipwayException(ErrorCode.InternalError, $"'{file.Path}' did not come whole: it should be {file.Size} bytes with the SHA-256 {file.Sha256}, and was {_length} bytes with {sha256}.");
        }

        _isVerified = true;
    }
}
