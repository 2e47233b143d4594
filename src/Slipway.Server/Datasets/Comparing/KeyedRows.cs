using System.Runtime.InteropServices;
using Slipway.Store;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Compares rows that key columns name: a key is added, removed, or has other values.</summary>
internal sealed class KeyedRows(RowTally tally, SharedColumns columns) : IRowMatcher
{
    private readonly int _size = RowRecord.Size(columns);
    private readonly Dictionary<UInt128, Match> _rows = [];
    private readonly List<byte> _left = [];

    // Where the left record begins among those kept, or -1; and which row of the right table has the key, or 0.
    [StructLayout(LayoutKind.Auto)]
    private record struct Match(int Left, long Right);

    /// <exception cref="Fault">Two rows have the same key.</exception>
    public void AddLeft(RowRecord record)
    {
        ref var match = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, record.Name, out var isThere);
        if (isThere)
        {
            throw NotUnique("left", LeftAt(match.Left).Row, record.Row);
        }

        match.Left = _left.Count;
        _left.AddRange(record.Bytes);
    }

    /// <exception cref="Fault">Two rows have the same key.</exception>
    public void AddRight(RowRecord record)
    {
        ref var match = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, record.Name, out var isThere);
        if (isThere && match.Right != 0)
        {
            throw NotUnique("right", match.Right, record.Row);
        }

        match.Right = record.Row;
        if (!isThere)
        {
            match.Left = -1;
            tally.Added++;
            tally.AddedRows.Add(0, record.Row);
            return;
        }

        var left = LeftAt(match.Left);
        if (left.Values == record.Values)
        {
            tally.Unchanged++;
            return;
        }

        tally.AddChanged(left, record);
    }

    public void Finish()
    {
        foreach (var match in _rows.Values)
        {
            if (match.Right == 0)
            {
                tally.Removed++;
                tally.RemovedRows.Add(LeftAt(match.Left).Row, 0);
            }
        }

        _rows.Clear();
        _left.Clear();
    }

    private RowRecord LeftAt(int place) => new(CollectionsMarshal.AsSpan(_left).Slice(place, _size));

    private Fault NotUnique(string table, long first, long second) => Fault.Invalid(
        $"Rows {first} and {second} of the {table} table have the same key ({string.Join(", ", columns.Names.Take(columns.Keys))}). Name columns whose values name a row, or none to compare whole rows.");
}
