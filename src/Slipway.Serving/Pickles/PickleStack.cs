namespace Slipway.Serving.Pickles;

/// <summary>The stack, marks and memo that a pickle works on, with bounds.</summary>
internal sealed class PickleStack(PickleReader reader)
{
    private const int DepthLimit = 1_000_000;
    private const int MemoLimit = 4_000_000;

    private readonly List<PickleValue> _values = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, PickleValue> _memo = [];

    private int Fence => _marks.Count > 0 ? _marks[^1] : 0;

    public PickleValue Top => _values.Count > Fence ? _values[^1] : throw Underflow();

    public void Push(PickleValue value)
    {
        if (_values.Count + _marks.Count >= DepthLimit)
        {
            throw new PickleRefusal($"it holds more than {DepthLimit} values at once", reader.Position);
        }

        _values.Add(value);
    }

    public PickleValue Pop()
    {
        var value = Top;
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>What the opcode POP does: it takes a mark away when nothing is above it.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _values.Count == _marks[^1])
        {
            _marks.RemoveAt(_marks.Count - 1);
            return;
        }

        Pop();
    }

    public void Mark()
    {
        if (_values.Count + _marks.Count >= DepthLimit)
        {
            throw new PickleRefusal($"it holds more than {DepthLimit} values at once", reader.Position);
        }

        _marks.Add(_values.Count);
    }

    /// <summary>The values above the last mark, which go with it.</summary>
    public PickleValue[] PopMark()
    {
        if (_marks.Count == 0)
        {
            throw new PickleRefusal("it asks for a mark that is not there", reader.Position);
        }

        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        var values = _values[mark..].ToArray();
        _values.RemoveRange(mark, _values.Count - mark);
        return values;
    }

    public void Put(long key)
    {
        if (key is < 0 or >= MemoLimit)
        {
            throw new PickleRefusal($"it remembers more than {MemoLimit} values", reader.Position);
        }

        _memo[key] = Top;
    }

    public void Memoize() => Put(_memo.Count);

    public void Get(long key) =>
        Push(_memo.TryGetValue(key, out var value) ? value : throw new PickleRefusal($"it recalls value {key}, which it never stored", reader.Position));

    private PickleRefusal Underflow() => new("it takes a value from an empty stack", reader.Position);
}
