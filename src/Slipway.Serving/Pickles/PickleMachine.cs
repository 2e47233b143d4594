using System.Globalization;
using static Slipway.Serving.Pickles.PickleOpcode;

namespace Slipway.Serving.Pickles;

/// <summary>Goes through the opcodes of one pickle as Python's unpickler would, with notes in place of objects.</summary>
internal sealed class PickleMachine(PickleScan scan, PickleReader reader, PickleForm form)
{
    private readonly PickleStack _stack = new(reader);
    private readonly PickleCalls _calls = new(scan, reader, form);
    private readonly long _start = reader.Position;
    private long? _frameEnd;

    /// <summary>Goes to the end; gives what the pickle would return.</summary>
    public PickleValue Run()
    {
        while (true)
        {
            var opcode = reader.Byte();
            scan.Step(reader.Position);
            if (opcode == Stop)
            {
                CheckFrame();
                return _frameEnd is null ? _stack.Pop() : throw Malformed("it stops within a frame");
            }

            Do(opcode);
            CheckFrame();
        }
    }

    private void Do(byte opcode)
    {
        switch (opcode)
        {
            case Proto: CheckProtocol(); break;
            case Frame: BeginFrame(); break;

            case None: _stack.Push(PickleValue.None); break;
            case NewTrue: _stack.Push(new NumberValue(1)); break;
            case NewFalse: _stack.Push(new NumberValue(0)); break;
            case Int or Long: PushWrittenNumber(); break;
            case BinInt: _stack.Push(new NumberValue(reader.Int32())); break;
            case BinInt1: _stack.Push(new NumberValue(reader.Byte())); break;
            case BinInt2: _stack.Push(new NumberValue(reader.UInt16())); break;
            case Long1: PushLong(reader.Byte()); break;
            case Long4: PushData(Signed(reader.Int32())); break;
            case PickleOpcode.Float: reader.Line(); _stack.Push(PickleValue.Data); break;
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

            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Drop(); break;
            case PopMark: _stack.PopMark(); break;
            case Dup: _stack.Push(_stack.Top); break;

            case EmptyTuple: _stack.Push(new TupleValue([])); break;
            case Tuple1: PushTuple(1); break;
            case Tuple2: PushTuple(2); break;
            case Tuple3: PushTuple(3); break;
            case PickleOpcode.Tuple: PushTuple(_stack.PopMark()); break;
            case EmptyList or EmptySet: _stack.Push(PickleValue.Data); break;
            case PickleOpcode.List or FrozenSet: _stack.PopMark(); _stack.Push(PickleValue.Data); break;
            case EmptyDict: _stack.Push(new DictValue()); break;
            case PickleOpcode.Dict: PushDict(); break;
            case Append: _stack.Pop(); _calls.Fill(_stack.Top); break;
            case Appends or AddItems: _stack.PopMark(); _calls.Fill(_stack.Top); break;
            case SetItem: SetItems(PopTwo()); break;
            case PickleOpcode.SetItems: SetItems(_stack.PopMark()); break;

            case Get: _stack.Get(WrittenKey()); break;
            case BinGet: _stack.Get(reader.Byte()); break;
            case LongBinGet: _stack.Get(reader.UInt32()); break;
            case Put: _stack.Put(WrittenKey()); break;
            case BinPut: _stack.Put(reader.Byte()); break;
            case LongBinPut: _stack.Put(reader.UInt32()); break;
            case Memoize: _stack.Memoize(); break;

            case Global: _stack.Push(ReadGlobal()); break;
            case StackGlobal: PushStackGlobal(); break;
            case Inst: Call(ReadGlobal(), _stack.PopMark()); break;
            case Obj: CallObject(); break;
            case Reduce: CallReduced(); break;
            case NewObj: MakeNew(); break;
            case NewObjEx: RefuseKeywords(); break;
            case Build: BuildTop(); break;

            case Ext1 or Ext2 or Ext4: throw Malformed("it imports by a number of the extension registry, of which nothing is known here");
            case PersId: throw Malformed("it asks for a persistent id, which a model has none of");
            case BinPersId: _stack.Push(_calls.Persistent(_stack.Pop())); break;
            case NextBuffer or ReadOnlyBuffer: throw Malformed("it needs buffers from outside of it");
            default: throw Malformed($"0x{opcode:x2} is no opcode of a pickle");
        }
    }

    private void CheckProtocol()
    {
        if (reader.Position != _start + 1)
        {
            throw Malformed("it changes its protocol on the way");
        }

        if (reader.Byte() is var protocol and > 5)
        {
            throw Malformed($"protocol {protocol} is not known");
        }
    }

    private void BeginFrame()
    {
        var length = reader.Length64();
        _frameEnd = _frameEnd is null && length < long.MaxValue - reader.Position
            ? reader.Position + length
            : throw Malformed("a frame begins within another");
    }

    // Two unpicklers need not agree on what goes over a frame's end.
    private void CheckFrame()
    {
        if (reader.Position > _frameEnd)
        {
            throw Malformed("it goes on over the end of a frame");
        }

        if (reader.Position == _frameEnd)
        {
            _frameEnd = null;
        }
    }

    private void PushData(long length)
    {
        reader.Skip(length);
        _stack.Push(PickleValue.Data);
    }

    private void PushLong(int length)
    {
        if (length is 0 or > 8)
        {
            PushData(length);
            return;
        }

        Span<byte> bytes = stackalloc byte[length];
        _stack.Push(new NumberValue((long)new System.Numerics.BigInteger(reader.Take(bytes))));
    }

    private void PushWrittenNumber()
    {
        var line = reader.Line();
        _stack.Push(long.TryParse(line?.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? new NumberValue(number) : PickleValue.Data);
    }

    private long WrittenKey() => long.TryParse(reader.Line(), NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Malformed("a key of its memo is no number");

    private void PushText(string? text) => _stack.Push(text is null ? PickleValue.Data : new TextValue(text));

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
        _stack.Push(new BytesValue(position, length));
    }

    private void PushTuple(int count)
    {
        var items = new PickleValue[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = _stack.Pop();
        }

        PushTuple(items);
    }

    private void PushTuple(PickleValue[] items) => _stack.Push(new TupleValue(items.Length <= TupleValue.ItemLimit ? items : null));

    private void PushDict()
    {
        var items = _stack.PopMark();
        _stack.Push(new DictValue());
        SetItems(items);
    }

    private PickleValue[] PopTwo()
    {
        var value = _stack.Pop();
        return [_stack.Pop(), value];
    }

    private void SetItems(PickleValue[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw Malformed("a key of it has no value");
        }

        _calls.Fill(_stack.Top);
        for (var i = 0; _stack.Top is DictValue dict && i < items.Length; i += 2)
        {
            dict.Set(items[i], items[i + 1]);
        }
    }

    private GlobalValue ReadGlobal()
    {
        var position = reader.Position;
        var (module, name) = (reader.Line(), reader.Line());
        return scan.Import(module ?? Unreadable, name ?? Unreadable, position);
    }

    private void PushStackGlobal()
    {
        var (name, module) = (_stack.Pop(), _stack.Pop());
        if (module is not TextValue moduleText || name is not TextValue nameText)
        {
            throw Malformed("it imports a name that is not written in it");
        }

        _stack.Push(scan.Import(moduleText.Text, nameText.Text, reader.Position));
    }

    private void Call(PickleValue callee, PickleValue[]? arguments) => _stack.Push(_calls.Call(callee, arguments));

    private void CallObject()
    {
        var items = _stack.PopMark();
        if (items.Length == 0)
        {
            throw Malformed("it makes an object of nothing");
        }

        Call(items[0], items[1..]);
    }

    private void CallReduced()
    {
        var arguments = Arguments(_stack.Pop());
        Call(_stack.Pop(), arguments);
    }

    private void MakeNew()
    {
        var arguments = Arguments(_stack.Pop());
        _stack.Push(_calls.Make(_stack.Pop(), arguments));
    }

    private void RefuseKeywords()
    {
        _stack.Pop();
        _stack.Pop();
        var made = _stack.Pop();
        scan.Refuse($"it makes an object with named arguments ({PickleCalls.NameOf(made)})", reader.Position);
        _stack.Push(new InstanceValue(null));
    }

    private void BuildTop()
    {
        var state = _stack.Pop();
        _calls.Build(_stack.Top, state);
        if (form == PickleForm.Joblib && _stack.Top is InstanceValue { Of: { } of } && of.Is("joblib.numpy_pickle", "NumpyArrayWrapper"))
        {
            ReadRawArray(state);
        }
    }

    private void ReadRawArray(PickleValue state)
    {
        CheckFrame();
        if (_frameEnd is not null)
        {
            throw Malformed("an array lies within a frame");
        }

        _stack.Pop();
        new RawArray(scan, reader).Read(state);
        _stack.Push(new InstanceValue(null) { Built = true });
    }

    private PickleValue[]? Arguments(PickleValue value) =>
        value is TupleValue tuple ? tuple.Items : throw Malformed("it calls something with what is no tuple");

    private long Signed(int length) => length >= 0 ? length : throw Malformed("it tells a length below zero");

    private PickleRefusal Malformed(string reason) => new(reason, reader.Position);

    private const string Unreadable = "?";
}
