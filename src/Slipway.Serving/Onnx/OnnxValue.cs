using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>Takes tensors to the native library and back.</summary>
internal static unsafe class OnnxValue
{
    private const int TensorKind = 1;
    private const int SequenceKind = 2;
    private const int MapKind = 3;

    private static readonly Lazy<nint> Memory = new(CreateMemory);

    private static readonly Lazy<nint> Allocator = new(FindAllocator);

    /// <summary>Makes a native value of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="pin">Holds the values where they are until it is freed, after the native value was released; text is copied.</param>
    public static nint Create(Tensor tensor, out GCHandle pin)
    {
        pin = default;
        var shape = stackalloc long[tensor.Shape.Length];
        for (var index = 0; index < tensor.Shape.Length; index++)
        {
            shape[index] = tensor.Shape[index];
        }

        if (tensor.Type == ElementType.Text)
        {
            return CreateText((string?[])tensor.Values, shape, tensor.Shape.Length);
        }

        nint value;
        pin = GCHandle.Alloc(tensor.Values, GCHandleType.Pinned);
        OnnxApi.Check(((delegate* unmanaged<nint, nint, nuint, long*, nuint, int, nint*, nint>)OnnxApi.Function(OnnxFunction.CreateTensorWithDataAsOrtValue))(
            Memory.Value, pin.AddrOfPinnedObject(), (nuint)(tensor.Count * OnnxTypes.Size(tensor.Type)), shape, (nuint)tensor.Shape.Length, OnnxTypes.Number(tensor.Type), &value));
        return value;
    }

    /// <summary>Copies a native value; a sequence becomes a column, a map an object.</summary>
    public static Tensor Read(nint value)
    {
        int kind;
        OnnxApi.Check(((delegate* unmanaged<nint, int*, nint>)OnnxApi.Function(OnnxFunction.GetValueType))(value, &kind));
        return kind switch
        {
            TensorKind => ReadTensor(value),
            SequenceKind => Tensor.Column(ElementType.Json, Parts(value).Select(part => OnnxJson.Of(part)).ToArray()),
            MapKind => new Tensor(ElementType.Json, new[] { ReadMap(value) }, []),
            _ => throw new OnnxException($"The model answers a value of kind {kind}, which is not served."),
        };
    }

    /// <summary>The ONNX type and the shape of what describes a tensor; a dimension of -1 is free.</summary>
    public static (int Number, long[] Shape) Describe(nint info)
    {
        int number;
        nuint rank;
        OnnxApi.Check(((delegate* unmanaged<nint, int*, nint>)OnnxApi.Function(OnnxFunction.GetTensorElementType))(info, &number));
        OnnxApi.Check(((delegate* unmanaged<nint, nuint*, nint>)OnnxApi.Function(OnnxFunction.GetDimensionsCount))(info, &rank));
        var shape = new long[rank];
        fixed (long* first = shape)
        {
            OnnxApi.Check(((delegate* unmanaged<nint, long*, nuint, nint>)OnnxApi.Function(OnnxFunction.GetDimensions))(info, first, rank));
        }

        return (number, shape);
    }

    private static Tensor ReadTensor(nint value)
    {
        nint info;
        OnnxApi.Check(((delegate* unmanaged<nint, nint*, nint>)OnnxApi.Function(OnnxFunction.GetTensorTypeAndShape))(value, &info));
        var (number, shape) = Describe(info);
        OnnxApi.Release(OnnxFunction.ReleaseTensorTypeAndShapeInfo, info);
        var type = OnnxTypes.Find(number) ?? throw new OnnxException($"The model answers values of ONNX type {number}, which is not served.");
        var dimensions = Array.ConvertAll(shape, dimension => checked((int)dimension));
        var count = dimensions.Aggregate(1, (product, dimension) => checked(product * dimension));
        return new Tensor(type, type == ElementType.Text ? ReadText(value, count) : Copy(value, type, count), dimensions);
    }

    private static Array Copy(nint value, ElementType type, int count)
    {
        nint data;
        var values = Tensor.Allocate(type, count);
        OnnxApi.Check(((delegate* unmanaged<nint, nint*, nint>)OnnxApi.Function(OnnxFunction.GetTensorMutableData))(value, &data));
        var length = count * OnnxTypes.Size(type);
        new ReadOnlySpan<byte>((void*)data, length).CopyTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(values), length));
        return values;
    }

    private static JsonElement ReadMap(nint value) => Parts(value) is [var keys, var values]
        ? OnnxJson.Object(keys, values)
        : throw new OnnxException("The model answers a map that has no keys or no values.");

    private static List<Tensor> Parts(nint value)
    {
        nuint count;
        OnnxApi.Check(((delegate* unmanaged<nint, nuint*, nint>)OnnxApi.Function(OnnxFunction.GetValueCount))(value, &count));
        // A map counts as two values: its keys and its values.
        var parts = new List<Tensor>((int)count);
        for (var index = 0; index < (int)count; index++)
        {
            nint part;
            OnnxApi.Check(((delegate* unmanaged<nint, int, nint, nint*, nint>)OnnxApi.Function(OnnxFunction.GetValue))(value, index, Allocator.Value, &part));
            try
            {
                parts.Add(Read(part));
            }
            finally
            {
                OnnxApi.Release(OnnxFunction.ReleaseValue, part);
            }
        }

        return parts;
    }

    private static nint CreateText(string?[] values, long* shape, int rank)
    {
        nint value;
        var texts = new nint[values.Length];
        OnnxApi.Check(((delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)OnnxApi.Function(OnnxFunction.CreateTensorAsOrtValue))(
            Allocator.Value, shape, (nuint)rank, OnnxTypes.Number(ElementType.Text), &value));
        try
        {
            for (var index = 0; index < values.Length; index++)
            {
                texts[index] = Marshal.StringToCoTaskMemUTF8(values[index] ?? "");
            }

            fixed (nint* first = texts)
            {
                OnnxApi.Check(((delegate* unmanaged<nint, nint*, nuint, nint>)OnnxApi.Function(OnnxFunction.FillStringTensor))(value, first, (nuint)texts.Length));
            }

            return value;
        }
        catch
        {
            OnnxApi.Release(OnnxFunction.ReleaseValue, value);
            throw;
        }
        finally
        {
            Array.ForEach(texts, Marshal.FreeCoTaskMem);
        }
    }

    private static string?[] ReadText(nint value, int count)
    {
        nuint length;
        OnnxApi.Check(((delegate* unmanaged<nint, nuint*, nint>)OnnxApi.Function(OnnxFunction.GetStringTensorDataLength))(value, &length));
        var bytes = new byte[length];
        var offsets = new nuint[count];
        fixed (byte* text = bytes)
        fixed (nuint* starts = offsets)
        {
            OnnxApi.Check(((delegate* unmanaged<nint, byte*, nuint, nuint*, nuint, nint>)OnnxApi.Function(OnnxFunction.GetStringTensorContent))(value, text, length, starts, (nuint)count));
        }

        var texts = new string?[count];
        for (var index = 0; index < count; index++)
        {
            var end = index + 1 < count ? (int)offsets[index + 1] : bytes.Length;
            texts[index] = Encoding.UTF8.GetString(bytes.AsSpan((int)offsets[index]..end));
        }

        return texts;
    }

    private static nint CreateMemory()
    {
        const int arena = 1;
        const int ordinary = 0;
        nint memory;
        OnnxApi.Check(((delegate* unmanaged<int, int, nint*, nint>)OnnxApi.Function(OnnxFunction.CreateCpuMemoryInfo))(arena, ordinary, &memory));
        return memory;
    }

    private static nint FindAllocator()
    {
        nint allocator;
        OnnxApi.Check(((delegate* unmanaged<nint*, nint>)OnnxApi.Function(OnnxFunction.GetAllocatorWithDefaultOptions))(&allocator));
        return allocator;
    }
}
