using System.Buffers;

namespace Slipway.Server.Content;

/// <summary>Verified bytes of an object.</summary>
internal sealed class ObjectRun
{
    private byte[] _bytes = [];
    private int _length;
    private int _wanted;

    public long Start { get; private set; }

    public long End => Start + _length;

    public void Begin(long start, int length)
    {
        if (_bytes.Length < length)
        {
            Return();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        (Start, _length, _wanted) = (start, 0, length);
    }

    /// <summary>All of it is verified; before, it holds nothing.</summary>
    public void Complete() => _length = _wanted;

    public bool Holds(long position) => position >= Start && position < End;

    public ReadOnlyMemory<byte> From(long position) => _bytes.AsMemory((int)(position - Start), (int)(End - position));

    public Span<byte> Slice(long start, int length) => _bytes.AsSpan((int)(start - Start), length);

    public void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _length) = ([], 0);
        }
    }
}
