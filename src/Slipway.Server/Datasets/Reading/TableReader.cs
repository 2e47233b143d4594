using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>Reads a table row by row, in memory that does not grow with the file.</summary>
internal abstract class TableReader : IAsyncDisposable
{
    /// <summary>The most columns that a table may have: each costs memory for its statistics.</summary>
    public const int ColumnLimit = 4096;

    /// <summary>The longest row, in bytes. Without a bound, a quote that is never closed would pull a whole file into memory.</summary>
    public const int RowLimit = 16 << 20;

    /// <summary>The columns known so far. Those of JSON Lines may grow with each row; the rows before had null there.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Whether the file gives its columns an order. Keys of JSON objects have none.</summary>
    public abstract bool HasColumnOrder { get; }

    /// <summary>The line that the current row begins on, counted from 1.</summary>
    public abstract long Line { get; }

    /// <summary>Rows read so far.</summary>
    public long Row { get; private set; }

    /// <summary>A cell of the current row.</summary>
    public abstract Cell this[int column] { get; }

    /// <summary>Opens a table and reads what it says about its columns. The stream stays its owner's to close.</summary>
    /// <exception cref="Fault">The header can't be read; the message names line and column.</exception>
    public static async Task<TableReader> OpenAsync(Stream stream, TableFormat format, CancellationToken cancellationToken)
    {
        var text = await Utf8Stream.OpenAsync(stream, cancellationToken);
        return format == TableFormat.JsonLines
            ? new JsonLinesReader(text)
            : await DelimitedReader.OpenAsync(text, format == TableFormat.Tsv ? '\t' : ',', cancellationToken);
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="Fault">The row can't be read; the message names line and column.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await MoveAsync(cancellationToken))
        {
            return false;
        }

        Row++;
        return true;
    }

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<bool> MoveAsync(CancellationToken cancellationToken);
}
