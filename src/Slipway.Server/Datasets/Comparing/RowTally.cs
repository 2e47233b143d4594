namespace Slipway.Server.Datasets.Comparing;

/// <summary>Adds up what the comparisons of the partitions find.</summary>
internal sealed class RowTally(SharedColumns columns)
{
    private const int SampleLimit = 20;

    private readonly long[] _changedCells = new long[columns.Count - columns.Keys];

    public long Added { get; set; }

    public long Removed { get; set; }

    public long Changed { get; private set; }

    public long Unchanged { get; set; }

    /// <summary>By their numbers in the right table; the left ones are zero.</summary>
    public FirstRows AddedRows { get; } = new(SampleLimit);

    /// <summary>By their numbers in the left table; the right ones are zero.</summary>
    public FirstRows RemovedRows { get; } = new(SampleLimit);

    public FirstRows ChangedRows { get; } = new(SampleLimit);

    public void AddChanged(RowRecord left, RowRecord right)
    {
        Changed++;
        ChangedRows.Add(left.Row, right.Row);
        for (var column = 0; column < _changedCells.Length; column++)
        {
            _changedCells[column] += left.Fingerprint(column) != right.Fingerprint(column) ? 1 : 0;
        }
    }

    public RowDifference ToDifference() => new(Added, Removed, columns.Keys == 0 ? null : Changed, Unchanged)
    {
        ChangedCells = [.. _changedCells.Select((rows, column) => (columns.Names[columns.Keys + column], rows)).Where(column => column.rows > 0)],
    };
}
