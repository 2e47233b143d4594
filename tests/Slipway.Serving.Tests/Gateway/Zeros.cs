using System.Net;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>So many zeros, made as they are sent.</summary>
internal sealed class Zeros(long size) : HttpContent
{
    private static readonly byte[] _zeros = new byte[64 << 10];

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var left = size; left > 0; left -= _zeros.Length)
        {
            await stream.WriteAsync(_zeros.AsMemory(0, (int)Math.Min(left, _zeros.Length)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
