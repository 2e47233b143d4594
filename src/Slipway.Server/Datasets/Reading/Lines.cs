using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>The lines of a text, each whole in memory while it is the current one.</summary>
internal sealed class Lines(Stream stream)
{
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Without its line feed; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <exception cref="Fault">The next line is too long.</exception>
    public async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                Take(searched + feed, 1);
                return true;
            }

            searched = _end - _start;
            if (_ended)
            {
                Take(searched, 0);
                return searched > 0;
            }

            await FillAsync(cancellationToken);
        }
    }

    private void Take(int length, int feed)
    {
        Current = _buffer.AsMemory(_start, length);
        _start += length + feed;
        Number++;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var length = _end - _start;
        if (length >= TableReader.RowLimit)
        {
            throw new TablePlace(Number + 1, 1).Fault($"the line is longer than {TableReader.RowLimit >> 20} MiB.");
        }

        var target = length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, length);
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        _ended = count == 0;
    }
}
