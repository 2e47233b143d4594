using System.Diagnostics;
using System.Globalization;

namespace Slipway.Commands.Datasets;

/// <summary>Says on stderr how far the reading of a file is, if that takes longer than a moment and a person looks on.</summary>
internal sealed class ProgressStream(Stream content, string name, long length) : Stream
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _saidAt;
    private long _count;
    private int _width;

    public override bool CanRead => true;

    public override bool CanSeek => content.CanSeek;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _count;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await content.ReadAsync(buffer, cancellationToken);
        _count += count;
        if (!Console.IsErrorRedirected && _clock.Elapsed - _saidAt > Moment)
        {
            Say(Text());
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => _count = content.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
            if (_width > 0)
            {
                Say("");
                Console.Error.Write('\r');
            }
        }

        base.Dispose(disposing);
    }

    private string Text()
    {
        var share = length == 0 ? 1 : (double)_count / length;
        var bar = new string('#', (int)(share * 20)).PadRight(20, '.');
        return string.Create(CultureInfo.InvariantCulture, $"{name} [{bar}] {share:P0}, {_count / 1e6 / _clock.Elapsed.TotalSeconds:F0} MB/s");
    }

    private void Say(string text)
    {
        _saidAt = _clock.Elapsed;
        Console.Error.Write('\r' + text.PadRight(_width));
        _width = text.Length;
    }
}
