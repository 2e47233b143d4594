using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Slipway.Serving.Tests.Workers;

/// <summary>A body that is held back until the test lets it go.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly byte[] _body;

    public HeldContent(string json)
    {
        _body = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Begun.TrySetResult();
        await Go.Task;
        await stream.WriteAsync(_body);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
