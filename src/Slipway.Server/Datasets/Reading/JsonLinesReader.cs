using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>Reads JSON Lines: an object on each line, its keys the columns. A key that is missing is null; empty lines are skipped.</summary>
internal sealed class JsonLinesReader(Utf8Stream text) : TableReader
{
    private readonly Lines _lines = new(text);
    private readonly List<string> _columns = [];
    private readonly Dictionary<string, int> _columnsByName = [];

    // The current row: where each column's bytes are. A slot of an earlier row counts as null.
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly List<Slot> _slots = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(long Row, CellKind Kind, int Start, int Length);

    public override IReadOnlyList<string> Columns => _columns;

    public override bool HasColumnOrder => false;

    public override long Line => _lines.Number;

    public override Cell this[int column]
    {
        get
        {
            var slot = _slots[column];
            return slot.Row == Row ? new Cell(slot.Kind, _row.WrittenSpan.Slice(slot.Start, slot.Length)) : default;
        }
    }

    public override ValueTask DisposeAsync() => text.DisposeAsync();

    protected override async ValueTask<bool> MoveAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await _lines.MoveAsync(cancellationToken))
            {
                return false;
            }
        }
        while (_lines.Current.Span.IndexOfAnyExcept(" \t\r"u8) < 0);

        ReadLine(_lines.Current.Span);
        return true;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            throw Problem("the text is not valid UTF-8. Write the file as UTF-8, or as UTF-16 with a byte order mark.");
        }

        _row.ResetWrittenCount();
        var json = new Utf8JsonReader(line);
        try
        {
            ReadObject(ref json);
        }
        catch (JsonException problem)
        {
            throw Problem($"this is not JSON, at byte {problem.BytePositionInLine + 1} of the line. The file may be cut off.");
        }
        catch (InvalidOperationException)
        {
            // The reader's word for an escape such as \ud800, which stands for no character.
            throw Problem("an escape stands for no character.");
        }
    }

    private void ReadObject(ref Utf8JsonReader json)
    {
        if (json.Read() && json.TokenType != JsonTokenType.StartObject)
        {
            throw Problem("each line has to be a JSON object.");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var column = Column(json.GetString()!);
            json.Read();
            ReadCell(ref json, column);
        }

        // Whatever follows the object is an error of the reader.
        json.Read();
    }

    private int Column(string name)
    {
        if (_columnsByName.TryGetValue(name, out var known))
        {
            return _slots[known].Row == Row + 1 ? throw Place(known).Fault("the key appears twice in one object.") : known;
        }

        if (_columns.Count == ColumnLimit)
        {
            throw new TablePlace(Line, ColumnLimit + 1, name).Fault($"a table may have at most {ColumnLimit} columns.");
        }

        _columns.Add(name);
        _slots.Add(default);
        _columnsByName.Add(name, _columns.Count - 1);
        return _columns.Count - 1;
    }

    private void ReadCell(ref Utf8JsonReader json, int column)
    {
        var start = _row.WrittenCount;
        var kind = Copy(ref json, Place(column));
        _slots[column] = new Slot(Row + 1, kind, start, _row.WrittenCount - start);
    }

    private CellKind Copy(ref Utf8JsonReader json, TablePlace place)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return CellKind.Null;
            case JsonTokenType.String:
                _row.Advance(json.CopyString(_row.GetSpan(json.ValueSpan.Length)));
                return CellKind.Text;
            case JsonTokenType.Number:
                CanonicalJson.CheckNumber(json.ValueSpan, place);
                _row.Write(json.ValueSpan);
                return CellKind.Number;
            case JsonTokenType.True or JsonTokenType.False:
                _row.Write(json.ValueSpan);
                return CellKind.Boolean;
            default:
                CanonicalJson.Write(JsonElement.ParseValue(ref json), _row, place);
                return CellKind.Nested;
        }
    }

    private Fault Problem(string problem) => new TablePlace(Line, 1).Fault(problem);

    private TablePlace Place(int column) => new(Line, column + 1, _columns[column]);
}
