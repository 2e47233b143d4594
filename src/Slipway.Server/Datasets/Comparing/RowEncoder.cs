using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>Makes the record of each row of a table.</summary>
internal sealed class RowEncoder(TableReader reader, SharedColumns columns)
{
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly ArrayBufferWriter<byte> _cells = new();
    private readonly int[] _places = new int[columns.Count];
    private readonly byte[] _record = new byte[RowRecord.Size(columns)];
    private int _columnsSeen = -1;

    /// <summary>The current row's; valid until the next is made.</summary>
    public ReadOnlyMemory<byte> Encode()
    {
        Place();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (columns.Keys == 0)
        {
            HashCells(0, columns.Count, hash);
            RowRecord.Write(_record, hash, reader.Row);
            return _record;
        }

        HashCells(0, columns.Keys, hash);
        RowRecord.Write(_record, hash, reader.Row);
        HashCells(columns.Keys, columns.Count, hash);
        RowRecord.WriteValues(_record, hash);
        return _record;
    }

    /// <summary>The current row's values as text.</summary>
    public RowSample Show()
    {
        Place();
        return new RowSample(reader.Row, [.. Enumerable.Range(0, columns.Count).Select(Show)]);
    }

    // Columns of JSON Lines may turn up with any row.
    private void Place()
    {
        if (_columnsSeen == reader.Columns.Count)
        {
            return;
        }

        _columnsSeen = reader.Columns.Count;
        var places = reader.Columns.Select((name, place) => (name, place)).ToDictionary(column => column.name, column => column.place);
        for (var column = 0; column < _places.Length; column++)
        {
            _places[column] = places.GetValueOrDefault(columns.Names[column], -1);
        }
    }

    private void HashCells(int from, int to, Span<byte> hash)
    {
        _cells.ResetWrittenCount();
        for (var column = from; column < to; column++)
        {
            var start = _cells.WrittenCount;
            Append(Cell(column), columns.Types[column]);
            if (columns.Keys > 0 && from == columns.Keys)
            {
                RowRecord.WriteFingerprint(_record, column - from, Fingerprint.Of(_cells.WrittenSpan[start..]));
            }
        }

        SHA256.HashData(_cells.WrittenSpan, hash);
    }

    private Cell Cell(int column) => _places[column] < 0 ? default : reader[_places[column]];

    // As in the table digest: a null is the byte 0; a value is the byte 1, its length, its bytes.
    private void Append(Cell cell, ColumnType type)
    {
        if (cell.IsNull)
        {
            _cells.Write<byte>([0]);
            return;
        }

        var canonical = Canonical(cell, type);
        var header = _cells.GetSpan(1 + sizeof(uint));
        header[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)canonical.Length);
        _cells.Advance(1 + sizeof(uint));
        _cells.Write(canonical);
    }

    private ReadOnlySpan<byte> Canonical(Cell cell, ColumnType type) => TypedCell.Read(cell, type.Alone()).Canonical(type, _scratch);

    private string? Show(int column)
    {
        var cell = Cell(column);
        if (cell.IsNull)
        {
            return null;
        }

        var canonical = Canonical(cell, columns.Types[column]);
        return CanonicalText.Show(canonical[..Math.Min(canonical.Length, TopValues.ShownBytes)], columns.Types[column]);
    }
}
