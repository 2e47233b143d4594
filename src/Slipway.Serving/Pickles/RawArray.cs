namespace Slipway.Serving.Pickles;

/// <summary>An array that joblib wrote between the opcodes of a pickle, told of by the wrapper in front of it.</summary>
internal sealed class RawArray(PickleScan scan, PickleReader reader)
{
    public void Read(PickleValue state)
    {
        scan.Form = PickleForm.Joblib;
        if (state is not DictValue { Entries: { } entries }
            || entries.GetValueOrDefault("dtype") is not InstanceValue { Type: { } type }
            || NumpyType.Count(entries.GetValueOrDefault("shape") ?? PickleValue.None) is not { } count
            || entries.GetValueOrDefault("subclass") is not GlobalValue { Import.Name: "ndarray" or "matrix" or "MaskedArray" })
        {
            throw new PickleRefusal("an array of joblib is not told of clearly", reader.Position);
        }

        if (type.HasObjects)
        {
            scan.One(reader, PickleForm.Plain);
            return;
        }

        if (IsAligned(entries))
        {
            reader.Skip(reader.Byte());
        }

        reader.Skip(checked(count * type.Size));
    }

    private bool IsAligned(Dictionary<string, PickleValue> entries)
    {
        var alignment = entries.GetValueOrDefault("numpy_array_alignment_bytes") ?? PickleValue.None;
        return alignment is NumberValue || (alignment == PickleValue.None ? false : throw new PickleRefusal("an array of joblib is not told of clearly", reader.Position));
    }
}
