using System.Runtime.InteropServices;
using Slipway.Serving.Models;

namespace Slipway.Serving.Onnx;

/// <summary>What a session takes and answers, with the names held as the native library wants them.</summary>
internal sealed unsafe class OnnxNames : IDisposable
{
    private OnnxNames(IReadOnlyList<OnnxInput> inputs, IReadOnlyList<string> outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        InputNames = Hold([.. inputs.Select(input => input.Name)]);
        OutputNames = Hold(outputs);
    }

    public IReadOnlyList<OnnxInput> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    public nint* InputNames { get; }

    public nint* OutputNames { get; }

    /// <exception cref="ModelFormatException">The model takes what is not served.</exception>
    public static OnnxNames Read(nint session)
    {
        var inputs = Enumerable.Range(0, Count(session, OnnxFunction.SessionGetInputCount)).Select(index => ReadInput(session, index)).ToList();
        var outputs = Enumerable.Range(0, Count(session, OnnxFunction.SessionGetOutputCount)).Select(index => Name(session, OnnxFunction.SessionGetOutputName, index)).ToList();
        return new OnnxNames(inputs, outputs);
    }

    public void Dispose()
    {
        Give(InputNames, Inputs.Count);
        Give(OutputNames, Outputs.Count);
    }

    private static int Count(nint session, OnnxFunction function)
    {
        nuint count;
        OnnxApi.Check(((delegate* unmanaged<nint, nuint*, nint>)OnnxApi.Function(function))(session, &count));
        return (int)count;
    }

    private static string Name(nint session, OnnxFunction function, int index)
    {
        nint allocator;
        nint name;
        OnnxApi.Check(((delegate* unmanaged<nint*, nint>)OnnxApi.Function(OnnxFunction.GetAllocatorWithDefaultOptions))(&allocator));
        OnnxApi.Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)OnnxApi.Function(function))(session, (nuint)index, allocator, &name));
        var text = Marshal.PtrToStringUTF8(name)!;
        OnnxApi.Check(((delegate* unmanaged<nint, nint, nint>)OnnxApi.Function(OnnxFunction.AllocatorFree))(allocator, name));
        return text;
    }

    private static OnnxInput ReadInput(nint session, int index)
    {
        var name = Name(session, OnnxFunction.SessionGetInputName, index);
        nint info;
        nint tensor;
        OnnxApi.Check(((delegate* unmanaged<nint, nuint, nint*, nint>)OnnxApi.Function(OnnxFunction.SessionGetInputTypeInfo))(session, (nuint)index, &info));
        try
        {
            OnnxApi.Check(((delegate* unmanaged<nint, nint*, nint>)OnnxApi.Function(OnnxFunction.CastTypeInfoToTensorInfo))(info, &tensor));
            if (tensor == 0)
            {
                throw new ModelFormatException($"The model's input '{name}' is no tensor, which is not served.");
            }

            var (number, shape) = OnnxValue.Describe(tensor);
            var type = OnnxTypes.Find(number) ?? throw new ModelFormatException($"The model's input '{name}' has a type that is not served (ONNX type {number}).");
            return new OnnxInput(name, type, shape);
        }
        finally
        {
            OnnxApi.Release(OnnxFunction.ReleaseTypeInfo, info);
        }
    }

    private static nint* Hold(IReadOnlyList<string> names)
    {
        var held = (nint*)NativeMemory.Alloc((nuint)Math.Max(names.Count, 1), (nuint)sizeof(nint));
        for (var index = 0; index < names.Count; index++)
        {
            held[index] = Marshal.StringToCoTaskMemUTF8(names[index]);
        }

        return held;
    }

    private static void Give(nint* held, int count)
    {
        for (var index = 0; index < count; index++)
        {
            Marshal.FreeCoTaskMem(held[index]);
        }

        NativeMemory.Free(held);
    }
}
