using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>A caller's body on its way to a worker, as it comes in. It can be sent once.</summary>
internal sealed class StreamedBody(HttpRequest request, Action done) : HttpContent
{
    /// <summary>Whether some of it may have been sent.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the caller's part of it failed.</summary>
    public bool IsBroken { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;

        // The head may be all that the worker wants to see.
        await stream.FlushAsync(cancellationToken);
        for (var read = await ReadAsync(cancellationToken); !read.IsCompleted || !read.Buffer.IsEmpty; read = await ReadAsync(cancellationToken))
        {
            foreach (var some in read.Buffer)
            {
                await stream.WriteAsync(some, cancellationToken);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
        }

        done();
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            IsBroken = true;
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = request.ContentLength ?? 0;
        return request.ContentLength is not null;
    }
}
