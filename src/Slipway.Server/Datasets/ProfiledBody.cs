using System.Buffers;
using System.IO.Pipelines;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>A body that is taken in, and read as a table meanwhile: what one reads, the other gets too.</summary>
internal sealed class ProfiledBody : Stream
{
    private const int Ahead = 1 << 20;

    private readonly Stream _body;
    private readonly PipeWriter _copy;
    private readonly Task<TableProfile> _profiling;

    private ProfiledBody(Stream body, PipeWriter copy, Task<TableProfile> profiling) => (_body, _copy, _profiling) = (body, copy, profiling);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="Fault">The table can't be read; the message names line and column. Or whoever takes it in does not.</exception>
    public static async Task<TableProfile> ReceiveAsync(Func<Stream, CancellationToken, Task> takeIn, Stream body, TableFormat format, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        var profiling = Task.Run(() => ProfileAsync(pipe.Reader, format, cancellationToken), CancellationToken.None);
        try
        {
            await using var both = new ProfiledBody(body, pipe.Writer, profiling);
            await takeIn(both, cancellationToken);
            await pipe.Writer.CompleteAsync();
            return await profiling;
        }
        catch (Exception exception)
        {
            // Whoever failed first is told; the other ends too before anybody is.
            await pipe.Writer.CompleteAsync(exception);
            await ((Task)profiling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _body.ReadAsync(buffer, cancellationToken);
        if (count > 0)
        {
            _copy.Write(buffer.Span[..count]);
            if ((await _copy.FlushAsync(cancellationToken)).IsCompleted)
            {
                // It does not end before the body does, unless by a failure.
                await _profiling;
            }
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static async Task<TableProfile> ProfileAsync(PipeReader copy, TableFormat format, CancellationToken cancellationToken)
    {
        await using var content = copy.AsStream();
        await using var reader = await TableReader.OpenAsync(content, format, cancellationToken);
        return await TableProfiler.ReadAsync(reader, cancellationToken);
    }
}
