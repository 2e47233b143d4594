using System.Globalization;
using static Slipway.Serving.Pickles.PickleOpcode;

namespace Slipway.Serving.Pickles;

/// <summary>The opcodes that put plain values on the stack.</summary>
internal sealed class PickleLiterals(PickleReader reader, PickleStack stack)
{
    /// <summary>False when it is another opcode.</summary>
    public bool TryPush(byte opcode)
    {
        switch (opcode)
        {
            case None: stack.Push(PickleValue.None); break;
            case NewTrue: stack.Push(new NumberValue(1)); break;
            case NewFalse: stack.Push(new NumberValue(0)); break;
            case Int or Long: PushWrittenNumber(); break;
            case BinInt: stack.Push(new NumberValue(reader.Int32())); break;
            case BinInt1: stack.Push(new NumberValue(reader.Byte())); break;
            case BinInt2: stack.Push(new NumberValue(reader.UInt16())); break;
            case Long1: PushLong(reader.Byte()); break;
            case Long4: PushData(Signed(reader.Int32())); break;
            case PickleOpcode.Float: reader.Line(); stack.Push(PickleValue.Data); break;
            case BinFloat: PushData(8); break;

            case PickleOpcode.String: PushQuoted(); break;
            case BinString: PushAscii(reader.Text(Signed(reader.Int32()))); break;
            case ShortBinString: PushAscii(reader.Text(reader.Byte())); break;
            case Unicode: PushAscii(reader.Line()); break;
            case BinUnicode: PushText(reader.Text(reader.UInt32())); break;
            case ShortBinUnicode: PushText(reader.Text(reader.Byte())); break;
            case BinUnicode8: PushText(reader.Text(reader.Length64())); break;
            case BinBytes: PushBytes(reader.UInt32()); break;
            case ShortBinBytes: PushBytes(reader.Byte()); break;
            case BinBytes8 or ByteArray8: PushBytes(reader.Length64()); break;
            default: return false;
        }

        return true;
    }

    private void PushData(long length)
    {
        reader.Skip(length);
        stack.Push(PickleValue.Data);
    }

    private void PushLong(int length)
    {
        if (length is 0 or > 8)
        {
            PushData(length);
            return;
        }

        Span<byte> bytes = stackalloc byte[length];
        stack.Push(new NumberValue((long)new System.Numerics.BigInteger(reader.Take(bytes))));
    }

    private void PushWrittenNumber()
    {
        var line = reader.Line();
        stack.Push(long.TryParse(line?.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? new NumberValue(number) : PickleValue.Data);
    }

    private void PushText(string? text) => stack.Push(text is null ? PickleValue.Data : new TextValue(text));

    // Which text it is depends on an encoding that the reader chooses, or on escapes.
    private void PushAscii(string? text) => PushText(text is not null && text.All(char.IsAscii) && !text.Contains('\\', StringComparison.Ordinal) ? text : null);

    private void PushQuoted()
    {
        var line = reader.Line();
        if (line is not null && (line.Length < 2 || line[0] != line[^1] || line[0] is not ('\'' or '"')))
        {
            throw Malformed("a text of it has no quotes");
        }

        PushAscii(line?[1..^1]);
    }

    private void PushBytes(long length)
    {
        var position = reader.Position;
        reader.Skip(length);
        stack.Push(new BytesValue(position, length));
    }

    private long Signed(int length) => length >= 0 ? length : throw Malformed("it tells a length below zero");

    private PickleRefusal Malformed(string reason) => new(reason, reader.Position);
}
