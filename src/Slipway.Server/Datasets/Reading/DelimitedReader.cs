using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>Reads CSV and TSV.</summary>
/// <remarks>
/// An empty cell is null, and an empty cell in quotes is the empty string. An empty line is a row only where a table has one
/// column, for there it is how a null is written.
/// </remarks>
internal sealed class DelimitedReader : TableReader
{
    private readonly CsvReader _csv;
    private List<string> _columns = [];

    private DelimitedReader(CsvReader csv) => _csv = csv;

    public override IReadOnlyList<string> Columns => _columns;

    public override bool HasColumnOrder => true;

    public override long Line => _csv.LineNumber;

    public override Cell this[int column]
    {
        get
        {
            var bytes = _csv.GetSpan(column);
            return new Cell(bytes.IsEmpty && _csv.GetRawSpan(column).IsEmpty ? CellKind.Null : CellKind.Plain, bytes);
        }
    }

    public static async Task<DelimitedReader> OpenAsync(Utf8Stream text, char separator, CancellationToken cancellationToken)
    {
        var reader = new DelimitedReader(CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            MaxRecordSize = RowLimit,
        }));
        try
        {
            await reader.ReadHeaderAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public override ValueTask DisposeAsync() => _csv.DisposeAsync();

    protected override async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await MoveRecordAsync(cancellationToken))
            {
                return false;
            }
        }
        while (_columns.Count > 1 && _csv.RawRecord.IsEmpty);

        if (_csv.FieldCount != _columns.Count)
        {
            throw Ragged();
        }

        CheckCells();
        return true;
    }

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await MoveRecordAsync(cancellationToken))
        {
            throw new TablePlace(1, 1).Fault("the file is empty. The first line has to name the columns.");
        }

        if (_csv.FieldCount > ColumnLimit)
        {
            throw new TablePlace(Line, ColumnLimit + 1).Fault($"a table may have at most {ColumnLimit} columns, this one has {_csv.FieldCount}.");
        }

        CheckCells();
        var names = new List<string>(_csv.FieldCount);
        var known = new Dictionary<string, int>();
        for (var column = 0; column < _csv.FieldCount; column++)
        {
            var name = Encoding.UTF8.GetString(_csv.GetSpan(column));
            if (!known.TryAdd(name, column))
            {
                throw new TablePlace(Line, column + 1, name).Fault($"column {known[name] + 1} has the same name.");
            }

            names.Add(name);
        }

        _columns = names;
    }

    private async ValueTask<bool> MoveRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _csv.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException problem)
        {
            // Thrown for nothing but a row that is too long: all else is recovered, and judged below.
            throw Fault.Invalid($"The row that begins on line {problem.LineNumber} is longer than {RowLimit >> 20} MiB. A quote that is never closed may be the cause.");
        }
    }

    private void CheckCells()
    {
        for (var column = 0; column < _csv.FieldCount; column++)
        {
            var raw = _csv.GetRawSpan(column);
            if (!Utf8.IsValid(raw))
            {
                throw Place(column).Fault("the text is not valid UTF-8. Write the file as UTF-8, or as UTF-16 with a byte order mark.");
            }

            if (!raw.IsEmpty && raw[0] == '"')
            {
                CheckQuotes(raw, column);
            }
        }
    }

    private void CheckQuotes(ReadOnlySpan<byte> raw, int column)
    {
        var rest = raw[1..];
        while (rest.IndexOf((byte)'"') is >= 0 and var quote)
        {
            rest = rest[(quote + 1)..];
            if (rest.IsEmpty)
            {
                return;
            }

            if (rest[0] != '"')
            {
                throw Place(column).Fault("the cell goes on after its closing quote. Double a quote inside quotes.");
            }

            rest = rest[1..];
        }

        throw Place(column).Fault("a quote is opened and never closed. The file may be cut off.");
    }

    private Fault Ragged()
    {
        var (found, expected) = (_csv.FieldCount, _columns.Count);
        return found < expected
            ? Place(found).Fault($"the row ends after {found} of {expected} cells. The file may be cut off.")
            : new TablePlace(Line, expected + 1).Fault($"the row has {found} cells, and there are {expected} columns. A separator inside a cell needs quotes around the cell.");
    }

    private TablePlace Place(int column) => new(Line, column + 1, column < _columns.Count ? _columns[column] : null);
}
