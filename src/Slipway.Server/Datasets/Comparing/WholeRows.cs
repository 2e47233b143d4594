using System.Runtime.InteropServices;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Compares the rows of a partition as multisets: how often a row appears counts, its place does not.</summary>
internal sealed class WholeRows(RowTally tally) : IRowMatcher
{
    private readonly Dictionary<UInt128, Appearance> _rows = [];

    // How much more often a row is on the left than on the right, and where it was first seen.
    [StructLayout(LayoutKind.Auto)]
    private record struct Appearance(long Balance, long Left, long Right);

    public void AddLeft(RowRecord record)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, record.Name, out _);
        row.Balance++;
        row.Left = row.Left == 0 ? record.Row : row.Left;
    }

    public void AddRight(RowRecord record)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, record.Name, out _);
        tally.Unchanged += row.Balance > 0 ? 1 : 0;
        row.Balance--;
        row.Right = row.Right == 0 ? record.Row : row.Right;
    }

    public void Finish()
    {
        foreach (var row in _rows.Values)
        {
            if (row.Balance > 0)
            {
                tally.Removed += row.Balance;
                tally.RemovedRows.Add(row.Left, 0);
            }
            else if (row.Balance < 0)
            {
                tally.Added -= row.Balance;
                tally.AddedRows.Add(0, row.Right);
            }
        }

        _rows.Clear();
    }
}
