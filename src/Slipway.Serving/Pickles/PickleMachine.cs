using System.Globalization;
using static Slipway.Serving.Pickles.PickleOpcode;

namespace Slipway.Serving.Pickles;

/// <summary>Goes through the opcodes of one pickle as Python's unpickler would, with notes in place of objects.</summary>
internal sealed class PickleMachine
{
    private readonly (PickleScan Scan, PickleForm Form) _on;
    private readonly PickleReader _reader;
    private readonly PickleStack _stack;
    private readonly PickleLiterals _literals;
    private readonly PickleCalls _calls;
    private readonly long _start;
    private long? _frameEnd;

    public PickleMachine(PickleScan scan, PickleReader reader, PickleForm form)
    {
        (_on, _reader, _start) = ((scan, form), reader, reader.Position);
        _stack = new PickleStack(reader);
        _literals = new PickleLiterals(reader, _stack);
        _calls = new PickleCalls(scan, reader, form);
    }

    /// <summary>Goes to the end; gives what the pickle would return.</summary>
    public PickleValue Run()
    {
        while (true)
        {
            var opcode = _reader.Byte();
            _on.Scan.Step(_reader.Position);
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
        if (_literals.TryPush(opcode))
        {
            return;
        }

        switch (opcode)
        {
            case Proto: CheckProtocol(); break;
            case Frame: BeginFrame(); break;

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
            case BinGet: _stack.Get(_reader.Byte()); break;
            case LongBinGet: _stack.Get(_reader.UInt32()); break;
            case Put: _stack.Put(WrittenKey()); break;
            case BinPut: _stack.Put(_reader.Byte()); break;
            case LongBinPut: _stack.Put(_reader.UInt32()); break;
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
        if (_reader.Position != _start + 1)
        {
            throw Malformed("it changes its protocol on the way");
        }

        if (_reader.Byte() is var protocol and > 5)
        {
            throw Malformed($"protocol {protocol} is not known");
        }
    }

    private void BeginFrame()
    {
        var length = _reader.Length64();
        _frameEnd = _frameEnd is null && length < long.MaxValue - _reader.Position
            ? _reader.Position + length
            : throw Malformed("a frame begins within another");
    }

    // Two unpicklers need not agree on what goes over a frame's end.
    private void CheckFrame()
    {
        if (_reader.Position > _frameEnd)
        {
            throw Malformed("it goes on over the end of a frame");
        }

        if (_reader.Position == _frameEnd)
        {
            _frameEnd = null;
        }
    }

    private long WrittenKey() => long.TryParse(_reader.Line(), NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Malformed("a key of its memo is no number");

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
        var position = _reader.Position;
        var (module, name) = (_reader.Line(), _reader.Line());
        return _on.Scan.Import(module ?? Unreadable, name ?? Unreadable, position);
    }

    private void PushStackGlobal()
    {
        var (name, module) = (_stack.Pop(), _stack.Pop());
        if (module is not TextValue moduleText || name is not TextValue nameText)
        {
            throw Malformed("it imports a name that is not written in it");
        }

        _stack.Push(_on.Scan.Import(moduleText.Text, nameText.Text, _reader.Position));
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
        _on.Scan.Refuse($"it makes an object with named arguments ({PickleCalls.NameOf(made)})", _reader.Position);
        _stack.Push(new InstanceValue(null));
    }

    private void BuildTop()
    {
        var state = _stack.Pop();
        _calls.Build(_stack.Top, state);
        if (_on.Form == PickleForm.Joblib && _stack.Top is InstanceValue { Of: { } of } && of.Is("joblib.numpy_pickle", "NumpyArrayWrapper"))
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
        new RawArray(_on.Scan, _reader).Read(state);
        _stack.Push(new InstanceValue(null) { Built = true });
    }

    private PickleValue[]? Arguments(PickleValue value) =>
        value is TupleValue tuple ? tuple.Items : throw Malformed("it calls something with what is no tuple");

    private PickleRefusal Malformed(string reason) => new(reason, _reader.Position);

    private const string Unreadable = "?";
}
