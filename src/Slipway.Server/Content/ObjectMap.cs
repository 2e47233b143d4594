namespace Slipway.Server.Content;

/// <summary>Which chunk holds which byte, for one segment of an object.</summary>
internal sealed class ObjectMap
{
    public static readonly ObjectMap Empty = new(new Segment(0, [], ""));

    private readonly long[] _starts;

    public ObjectMap(Segment segment)
    {
        Parts = Part.Decode(segment.Parts);
        _starts = new long[Parts.Count + 1];
        _starts[0] = segment.Start;
        for (var i = 0; i < Parts.Count; i++)
        {
            _starts[i + 1] = _starts[i] + Parts[i].Length;
        }
    }

    public IReadOnlyList<Part> Parts { get; }

    public bool Holds(long position) => position >= _starts[0] && position < _starts[^1];

    public long StartOf(int index) => _starts[index];

    public int IndexOf(long position)
    {
        var found = Array.BinarySearch(_starts, position);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The last chunk that is needed for so many bytes from the start of another on; at least that one.</summary>
    public int IndexOfReach(int first, int bytes)
    {
        var last = first;
        while (last + 1 < Parts.Count && _starts[last + 1] - _starts[first] < bytes)
        {
            last++;
        }

        return last;
    }
}
