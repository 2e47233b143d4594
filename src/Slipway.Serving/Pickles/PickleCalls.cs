namespace Slipway.Serving.Pickles;

/// <summary>What a pickle may call, make and fill, and with what.</summary>
internal sealed class PickleCalls(PickleScan scan, PickleReader reader, PickleForm form)
{
    private static readonly string[] _encodings = ["latin1", "latin-1", "ascii", "utf-8", "utf8"];

    /// <summary>A call of something with positional arguments; null where they are too many to be known.</summary>
    public PickleValue Call(PickleValue callee, PickleValue[]? arguments)
    {
        if (callee is not GlobalValue called)
        {
            scan.Refuse("it calls something that it did not import", reader.Position);
            return new InstanceValue(null);
        }

        if (called.Is("copyreg", "_reconstructor"))
        {
            return Reconstruct(arguments);
        }

        if (called.Import.Grant is Grant.Make or Grant.Mention)
        {
            scan.Refuse($"it calls {called.Import}, which is allowed only to be {(called.Import.Grant == Grant.Make ? "made without a constructor" : "mentioned")}", reader.Position);
        }

        return Special(called, arguments) ?? new InstanceValue(called);
    }

    /// <summary>An object of a class, made by <c>__new__</c>.</summary>
    public PickleValue Make(PickleValue made, PickleValue[]? arguments)
    {
        if (made is not GlobalValue type)
        {
            scan.Refuse("it makes an object of something that it did not import", reader.Position);
            return new InstanceValue(null);
        }

        if (type.Import.Grant == Grant.Mention || (type.Import.Grant == Grant.Make && arguments is not []))
        {
            scan.Refuse($"it makes an object of {type.Import} with more than is allowed", reader.Position);
        }

        return Special(type, arguments) ?? new InstanceValue(type);
    }

    /// <summary>A state given to an object.</summary>
    public void Build(PickleValue target, PickleValue state)
    {
        Fill(target);
        if (target is not InstanceValue instance)
        {
            scan.Refuse($"it changes attributes of what it did not make ({NameOf(target)})", reader.Position);
            return;
        }

        if (instance.Type is not null)
        {
            instance.Type = instance.Type.WithState(state, reader.Position);
        }

        instance.Built = true;
    }

    /// <summary>Items put into something. An object that has its state may answer by calling whatever lies in its attributes.</summary>
    public void Fill(PickleValue target)
    {
        if (target is GlobalValue or InstanceValue { Built: true })
        {
            scan.Refuse($"it changes {NameOf(target)}, which it did not just make", reader.Position);
        }
    }

    /// <summary>What a persistent id stands for: in a file of torch, the numbers of a tensor, or a class.</summary>
    public PickleValue Persistent(PickleValue id) => (form, id) switch
    {
        (PickleForm.Torch, TupleValue { Items: [TextValue { Text: "storage" }, GlobalValue { Import.Module: "torch" or "torch.storage" }, ..] }) => new InstanceValue(null) { Built = true },

        // The old form shows a class with its source, which is only compared.
        (PickleForm.Torch, TupleValue { Items: [TextValue { Text: "module" }, GlobalValue type, _, _] }) => type,
        _ => throw new PickleRefusal("it asks for a persistent id that is not known", reader.Position),
    };

    public static string NameOf(PickleValue value) => value switch
    {
        GlobalValue global => global.Import.ToString(),
        InstanceValue { Of: { } of } => $"an object of {of.Import}",
        _ => "a value",
    };

    // copyreg._reconstructor(class, base, state) also runs base.__init__.
    private InstanceValue Reconstruct(PickleValue[]? arguments)
    {
        if (arguments is [GlobalValue type, GlobalValue { Import: { Module: "builtins" or "__builtin__" } known }, _] && known.Name is "object" or "dict" or "list" or "set" or "tuple" or "float" or "int" or "str"
            && type.Import.Grant is not Grant.Mention)
        {
            return new InstanceValue(type);
        }

        scan.Refuse("it makes an object in a way that is not known", reader.Position);
        return new InstanceValue(null);
    }

    private PickleValue? Special(GlobalValue called, PickleValue[]? arguments)
    {
        if (called.Is("numpy", "dtype"))
        {
            return new InstanceValue(called) { Type = NumpyType.Of(arguments, reader.Position) };
        }

        if (called.Is("torch.storage", "_load_from_bytes"))
        {
            return LoadNested(arguments);
        }

        if (!Fits(called.Import.Name, arguments))
        {
            scan.Refuse($"it gives {called.Import} what it is not made for", reader.Position);
        }

        if (called.Is("_codecs", "encode"))
        {
            CheckEncoding(arguments);
            return PickleValue.Data;
        }

        return null;
    }

    // Those that would hand on a value as it is, or call one or an attribute of one.
    private static bool Fits(string name, PickleValue[]? arguments) => name switch
    {
        "scalar" => arguments is [InstanceValue { Type.HasObjects: false }, ..],
        "_rebuild_tensor" or "_rebuild_tensor_v2" => arguments is [InstanceValue { Of: null }, ..],
        "__randomstate_ctor" or "__generator_ctor" => arguments is [TextValue] or [TextValue, GlobalValue { Import: { Module: "numpy.random._pickle", Name: "__bit_generator_ctor" } }] or [InstanceValue { Of.Import.Name: "__bit_generator_ctor" }, ..],
        _ => true,
    };

    private void CheckEncoding(PickleValue[]? arguments)
    {
        if (arguments is not [_, TextValue encoding] || !_encodings.Contains(encoding.Text))
        {
            scan.Refuse("it encodes a text in a way that is not known", reader.Position);
        }
    }

    private InstanceValue LoadNested(PickleValue[]? arguments)
    {
        if (arguments is not [BytesValue bytes] || !reader.Stream.CanSeek)
        {
            throw new PickleRefusal("it unpickles something that can't be looked at", reader.Position);
        }

        TorchFile.Scan(scan, new PickleReader(reader.Stream, bytes.Position, bytes.Position + bytes.Length));
        return new InstanceValue(null) { Built = true };
    }
}
