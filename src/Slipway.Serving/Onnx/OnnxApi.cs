using System.Runtime.InteropServices;
using Slipway.Serving.Models;

namespace Slipway.Serving.Onnx;

/// <summary>The table of functions of the native ONNX Runtime. Its order never changes: new functions are added at its end.</summary>
internal static unsafe class OnnxApi
{
    public const string FileName = "libonnxruntime.so.1";

    // The table as of this version is asked for; every later library has it too.
    private const uint TableVersion = 17;

    private static readonly Lazy<nint> Table = new(Load);

    /// <summary>Null when models in ONNX can be loaded, else what to do about it.</summary>
    public static string? Missing => File.Exists(LibraryPath)
        ? null
        : $"The native ONNX Runtime is not here. Build Slipway again where npm reaches its registry, or put {FileName} of version 1.30.0 "
            + $"(npm package onnxruntime-node, in bin/napi-v6/linux) at {LibraryPath}.";

    private static string LibraryPath => Path.Join(AppContext.BaseDirectory, FileName);

    /// <summary>The address of the function at this place of the table.</summary>
    public static nint Function(OnnxFunction function) => ((nint*)Table.Value)[(int)function];

    /// <summary>Turns a status into an exception, and gives it back.</summary>
    public static void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }

        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Function(OnnxFunction.GetErrorMessage))(status));
        Release(OnnxFunction.ReleaseStatus, status);
        throw new OnnxException(message ?? "ONNX Runtime failed and did not say why.");
    }

    public static void Release(OnnxFunction release, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged<nint, void>)Function(release))(handle);
        }
    }

    private static nint Load()
    {
        if (Missing is { } missing)
        {
            throw new ModelFormatException(missing);
        }

        var library = NativeLibrary.Load(LibraryPath);
        var start = ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        var table = ((delegate* unmanaged<uint, nint>)start[0])(TableVersion);
        return table != 0 ? table : throw new ModelFormatException($"{LibraryPath} is too old: version 1.30.0 is wanted.");
    }
}

/// <summary>Places in the table of functions.</summary>
internal enum OnnxFunction
{
    GetErrorMessage = 2,
    CreateEnv = 3,
    CreateSession = 7,
    Run = 9,
    CreateSessionOptions = 10,
    SetIntraOpNumThreads = 24,
    SetInterOpNumThreads = 25,
    SessionGetInputCount = 30,
    SessionGetOutputCount = 31,
    SessionGetInputTypeInfo = 33,
    SessionGetInputName = 36,
    SessionGetOutputName = 37,
    CreateRunOptions = 39,
    RunOptionsSetTerminate = 46,
    RunOptionsUnsetTerminate = 47,
    CreateTensorAsOrtValue = 48,
    CreateTensorWithDataAsOrtValue = 49,
    GetTensorMutableData = 51,
    FillStringTensor = 52,
    GetStringTensorDataLength = 53,
    GetStringTensorContent = 54,
    CastTypeInfoToTensorInfo = 55,
    GetTensorElementType = 60,
    GetDimensionsCount = 61,
    GetDimensions = 62,
    GetTensorTypeAndShape = 65,
    GetValueType = 67,
    CreateCpuMemoryInfo = 69,
    AllocatorFree = 76,
    GetAllocatorWithDefaultOptions = 78,
    GetValue = 80,
    GetValueCount = 81,
    ReleaseStatus = 93,
    ReleaseSession = 95,
    ReleaseValue = 96,
    ReleaseRunOptions = 97,
    ReleaseTypeInfo = 98,
    ReleaseTensorTypeAndShapeInfo = 99,
    ReleaseSessionOptions = 100,
}

/// <summary>What ONNX Runtime says went wrong.</summary>
internal sealed class OnnxException(string message) : Exception(message);
