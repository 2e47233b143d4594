using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>A caller's body: kept when it is small, so that it can be sent again, and else sent on as it comes in.</summary>
internal sealed class Body : IDisposable
{
    private const int Small = 64 << 10;

    private readonly HttpRequest _request;
    private byte[]? _buffer;
    private int _length;
    private StreamedBody? _streamed;

    private Body(HttpRequest request) => _request = request;

    /// <summary>Whether it can be sent again in whole.</summary>
    public bool IsKept => _buffer is not null;

    /// <summary>Whether it can be sent (again), having been given to a worker that was never connected.</summary>
    public bool IsUntouched => IsKept || _streamed is not { HasBegun: true };

    public static async ValueTask<Body> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new Body(request);
        if (request.ContentLength is { } length and <= Small)
        {
            await body.KeepAsync((int)length, cancellationToken);
        }

        return body;
    }

    /// <summary>What is sent; one for each attempt.</summary>
    public HttpContent ToContent()
    {
        if (_buffer is not null)
        {
            return new ByteArrayContent(_buffer, 0, _length);
        }

        _streamed = new StreamedBody(_request);
        if (_request.ContentLength is null)
        {
            return _streamed;
        }

        _streamed.Headers.ContentLength = _request.ContentLength;
        return _streamed;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private async ValueTask KeepAsync(int length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        _buffer = buffer;
        while (_length < length)
        {
            var read = await _request.BodyReader.ReadAsync(cancellationToken);
            Take(read, buffer, length);
            if (read.IsCompleted && _length < length)
            {
                throw new BadHttpRequestException("The body ended too soon.");
            }
        }
    }

    private void Take(ReadResult read, byte[] buffer, int length)
    {
        var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - _length));
        some.CopyTo(buffer.AsSpan(_length));
        _length += (int)some.Length;
        _request.BodyReader.AdvanceTo(some.End);
    }
}
