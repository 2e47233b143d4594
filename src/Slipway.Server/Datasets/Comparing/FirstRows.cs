namespace Slipway.Server.Datasets.Comparing;

/// <summary>Keeps the first few of many rows, or pairs of a left and a right row, that come in any order.</summary>
internal sealed class FirstRows(int limit)
{
    private readonly SortedSet<(long Left, long Right)> _rows = [];

    public IReadOnlyCollection<(long Left, long Right)> Pairs => _rows;

    public void Add(long left, long right)
    {
        _rows.Add((left, right));
        if (_rows.Count > limit)
        {
            _rows.Remove(_rows.Max);
        }
    }
}
