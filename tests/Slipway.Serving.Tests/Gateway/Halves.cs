using System.Net;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>A body whose second half is sent only when something has happened.</summary>
internal sealed class Halves(long half, Task happened) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await new Zeros(half).CopyToAsync(stream);
        await stream.FlushAsync();
        await happened.WaitAsync(TimeSpan.FromSeconds(60));
        await new Zeros(half).CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 2 * half;
        return true;
    }
}
