using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Slipway.Server.Datasets.Reading;

namespace Slipway.Server.Datasets.Typing;

/// <summary>A cell that has a value, with the types that it fits and its value as a number or a time.</summary>
internal readonly ref struct TypedCell(Cell cell, ColumnTypes fits, double number, Instant instant)
{
    private readonly Cell _cell = cell;

    public ColumnTypes Fits { get; } = fits;

    /// <summary>Of a cell that fits a float.</summary>
    public double Number { get; } = number;

    /// <summary>Of a cell that fits a date or a time.</summary>
    public Instant Instant { get; } = instant;

    /// <summary>Reads a cell that is not null as far as it may be of the types asked for; all others count as not fitting.</summary>
    public static TypedCell Read(Cell cell, ColumnTypes asked) => cell.Kind switch
    {
        CellKind.Plain => ReadPlain(cell, asked),
        CellKind.Text => ReadText(cell, asked),
        CellKind.Number => ReadNumber(cell, asked),
        CellKind.Boolean => new TypedCell(cell, asked & (ColumnTypes.Boolean | ColumnTypes.Json), 0, default),
        _ => new TypedCell(cell, asked & ColumnTypes.Json, 0, default),
    };

    /// <summary>
    /// The value's canonical bytes in a type that it fits; any value has bytes as text and as JSON. They are the cell's own,
    /// or are written to the scratch.
    /// </summary>
    public ReadOnlySpan<byte> Canonical(ColumnType type, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        switch (type)
        {
            case ColumnType.Text:
                return Shown(scratch);
            case ColumnType.Json:
                return Json(scratch);
            case ColumnType.Boolean:
                return (_cell.Bytes[0] | 0x20) == 't' ? "true"u8 : "false"u8;
            case ColumnType.Integer:
                return NumberText.WithoutMinusZero(_cell.Bytes);
            case ColumnType.Float:
                BinaryPrimitives.WriteInt64BigEndian(scratch.GetSpan(sizeof(long)), CanonicalBits(Number));
                scratch.Advance(sizeof(long));
                return scratch.WrittenSpan;
            default:
                scratch.Advance(Instant.Write(type, scratch.GetSpan(Instant.TextLimit)));
                return scratch.WrittenSpan;
        }
    }

    // One NaN, and one zero.
    private static long CanonicalBits(double number) =>
        double.IsNaN(number) ? 0x7FF8_0000_0000_0000 : BitConverter.DoubleToInt64Bits(number == 0 ? 0.0 : number);

    private static TypedCell ReadPlain(Cell cell, ColumnTypes asked)
    {
        var fits = ColumnTypes.Text;
        var number = 0.0;
        var instant = default(Instant);
        if ((asked & ColumnTypes.Numbers) != ColumnTypes.None && NumberText.TryReadAny(cell.Bytes, out number))
        {
            fits |= NumberText.IsInteger(cell.Bytes) ? ColumnTypes.Numbers : ColumnTypes.Float;
        }
        else if ((asked & ColumnTypes.Times) != ColumnTypes.None)
        {
            fits |= TimeText.Read(cell.Bytes, out instant);
        }

        if ((asked & ColumnTypes.Boolean) != ColumnTypes.None && (Ascii.EqualsIgnoreCase(cell.Bytes, "true"u8) || Ascii.EqualsIgnoreCase(cell.Bytes, "false"u8)))
        {
            fits |= ColumnTypes.Boolean;
        }

        return new TypedCell(cell, fits & asked, number, instant);
    }

    // JSON has no times of its own, so its strings may be some; they are never numbers, which it has.
    private static TypedCell ReadText(Cell cell, ColumnTypes asked)
    {
        var fits = ColumnTypes.Text | ColumnTypes.Json;
        var instant = default(Instant);
        if ((asked & ColumnTypes.Times) != ColumnTypes.None)
        {
            fits |= TimeText.Read(cell.Bytes, out instant);
        }

        return new TypedCell(cell, fits & asked, 0, instant);
    }

    private static TypedCell ReadNumber(Cell cell, ColumnTypes asked)
    {
        var fits = ColumnTypes.Json;
        if (NumberText.TryRead(cell.Bytes, out var number))
        {
            fits |= NumberText.IsInteger(cell.Bytes) ? ColumnTypes.Numbers : ColumnTypes.Float;
        }

        return new TypedCell(cell, fits & asked, number, default);
    }

    private ReadOnlySpan<byte> Shown(ArrayBufferWriter<byte> scratch) => _cell.Kind == CellKind.Number ? Json(scratch) : _cell.Bytes;

    private ReadOnlySpan<byte> Json(ArrayBufferWriter<byte> scratch)
    {
        switch (_cell.Kind)
        {
            case CellKind.Number:
                CanonicalJson.WriteNumber(_cell.Bytes, scratch);
                return scratch.WrittenSpan;
            case CellKind.Plain or CellKind.Text:
                CanonicalJson.WriteText(_cell.Bytes, scratch);
                return scratch.WrittenSpan;
            default:
                return _cell.Bytes;
        }
    }
}
