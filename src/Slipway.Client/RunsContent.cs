using System.Net;
using System.Net.Http.Headers;
using Slipway.Wire.Content;

namespace Slipway.Client;

/// <summary>The body of one request of an upload: runs, whose bytes are read from the file as they are sent.</summary>
internal sealed class RunsContent : HttpContent
{
    private const int BufferSize = 256 << 10;

    private readonly Stream _file;
    private readonly long _position;
    private readonly IReadOnlyList<UploadRun> _runs;

    /// <param name="file">Where the bytes are.</param>
    /// <param name="position">Where the first run begins in it.</param>
    /// <param name="runs">What is sent.</param>
    public RunsContent(Stream file, long position, IReadOnlyList<UploadRun> runs)
    {
        (_file, _position, _runs) = (file, position, runs);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _runs.Sum(run => UploadRun.HeaderLength + (run.BaseStart is null ? run.Length : 0));
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var position = _position;
        foreach (var run in _runs)
        {
            run.Write(buffer);
            await stream.WriteAsync(buffer.AsMemory(0, UploadRun.HeaderLength), cancellationToken);
            if (run.BaseStart is null)
            {
                await CopyAsync(stream, (position, run.Length), buffer, cancellationToken);
            }

            position += run.Length;
        }
    }

    private async Task CopyAsync(Stream stream, (long Position, long Length) part, byte[] buffer, CancellationToken cancellationToken)
    {
        _file.Position = part.Position;
        for (var left = part.Length; left > 0;)
        {
            var read = await _file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            await stream.WriteAsync(buffer.AsMemory(0, read > 0 ? read : throw new EndOfStreamException("The file became shorter while it was sent.")), cancellationToken);
            left -= read;
        }
    }
}
