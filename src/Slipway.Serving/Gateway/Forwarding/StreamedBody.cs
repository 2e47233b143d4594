using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>A caller's body on its way to a worker, as it comes in. It can be sent once.</summary>
internal sealed class StreamedBody(HttpRequest request) : HttpContent
{
    /// <summary>Whether some of it may have been sent.</summary>
    public bool HasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;

        // The head may be all that the worker wants to see.
        await stream.FlushAsync(cancellationToken);
        await request.BodyReader.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = request.ContentLength ?? 0;
        return request.ContentLength is not null;
    }
}
