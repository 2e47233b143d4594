using Slipway.Server.Artifacts;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>Reads a table once, in bounded memory, for its schema, its statistics and its digest.</summary>
internal static class TableProfiler
{
    /// <exception cref="Fault">The table can't be read; the message names line and column.</exception>
    public static async Task<TableProfile> ReadAsync(TableReader reader, CancellationToken cancellationToken)
    {
        var columns = new List<ColumnProfiler>();
        try
        {
            AddColumns(columns, reader, rowsBefore: 0);
            while (await reader.ReadAsync(cancellationToken))
            {
                AddColumns(columns, reader, reader.Row - 1);
                for (var column = 0; column < columns.Count; column++)
                {
                    columns[column].Add(reader[column]);
                }
            }

            return Finish(columns, reader);
        }
        finally
        {
            columns.ForEach(column => column.Dispose());
        }
    }

    private static void AddColumns(List<ColumnProfiler> columns, TableReader reader, long rowsBefore)
    {
        while (columns.Count < reader.Columns.Count)
        {
            columns.Add(new ColumnProfiler(reader.Columns[columns.Count], rowsBefore));
        }
    }

    private static TableProfile Finish(List<ColumnProfiler> columns, TableReader reader)
    {
        if (!reader.HasColumnOrder)
        {
            columns.Sort((left, right) => CodePointOrder.Instance.Compare(left.Name, right.Name));
        }

        var profiles = columns.ConvertAll(column => column.Finish());
        return new TableProfile(reader.Row, profiles, TableDigest.Of(reader.Row, profiles));
    }
}
