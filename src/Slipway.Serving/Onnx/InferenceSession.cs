using System.Runtime.InteropServices;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>A loaded ONNX model. One prediction at a time; several sessions of the same file predict at once.</summary>
internal sealed unsafe class InferenceSession : IDisposable
{
    private static readonly Lazy<nint> Environment = new(CreateEnvironment);

    private readonly nint _session;
    private readonly nint _runOptions;
    private readonly OnnxNames _names;

    /// <summary>Loads a model.</summary>
    /// <param name="path">Of the <c>.onnx</c> file; data that it keeps in other files are read beside it.</param>
    /// <param name="threads">How many threads work on one prediction.</param>
    /// <exception cref="OnnxException">The model can't be loaded.</exception>
    /// <exception cref="ModelFormatException">The native library is missing, or the model takes what is not served.</exception>
    public InferenceSession(string path, int threads)
    {
        _session = Create(path, threads);
        try
        {
            nint options;
            OnnxApi.Check(((delegate* unmanaged<nint*, nint>)OnnxApi.Function(OnnxFunction.CreateRunOptions))(&options));
            _runOptions = options;
            _names = OnnxNames.Read(_session);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the model takes, in its order.</summary>
    public IReadOnlyList<OnnxInput> Inputs => _names.Inputs;

    /// <summary>The names of what it answers, in its order.</summary>
    public IReadOnlyList<string> Outputs => _names.Outputs;

    /// <summary>Predicts.</summary>
    /// <param name="inputs">One for each input, of its type.</param>
    /// <param name="cancellationToken">Ends the prediction between two of the model's steps.</param>
    /// <returns>One for each output.</returns>
    /// <exception cref="OnnxException">The model failed.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellationToken)
    {
        var values = stackalloc nint[inputs.Length];
        var results = stackalloc nint[Outputs.Count];
        new Span<nint>(values, inputs.Length).Clear();
        new Span<nint>(results, Outputs.Count).Clear();
        var pins = new GCHandle[inputs.Length];
        try
        {
            for (var index = 0; index < inputs.Length; index++)
            {
                values[index] = OnnxValue.Create(inputs[index], out pins[index]);
            }

            Call(values, inputs.Length, results, cancellationToken);
            var outputs = new Tensor[Outputs.Count];
            for (var index = 0; index < outputs.Length; index++)
            {
                outputs[index] = OnnxValue.Read(results[index]);
            }

            return outputs;
        }
        finally
        {
            Free(new ReadOnlySpan<nint>(values, inputs.Length), new ReadOnlySpan<nint>(results, Outputs.Count), pins);
        }
    }

    public void Dispose()
    {
        _names?.Dispose();
        OnnxApi.Release(OnnxFunction.ReleaseRunOptions, _runOptions);
        OnnxApi.Release(OnnxFunction.ReleaseSession, _session);
    }

    private void Call(nint* values, int count, nint* results, CancellationToken cancellationToken)
    {
        var ending = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static session => ((InferenceSession)session!).Terminate(OnnxFunction.RunOptionsSetTerminate), this)
            : default;
        try
        {
            OnnxApi.Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)OnnxApi.Function(OnnxFunction.Run))(
                _session, _runOptions, _names.InputNames, values, (nuint)count, _names.OutputNames, (nuint)Outputs.Count, results));
        }
        catch (OnnxException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            // The registration waits for a callback under way, so nothing sets it after this.
            ending.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                Terminate(OnnxFunction.RunOptionsUnsetTerminate);
            }
        }
    }

    private void Terminate(OnnxFunction function) => OnnxApi.Check(((delegate* unmanaged<nint, nint>)OnnxApi.Function(function))(_runOptions));

    private static void Free(ReadOnlySpan<nint> values, ReadOnlySpan<nint> results, GCHandle[] pins)
    {
        foreach (var value in values)
        {
            OnnxApi.Release(OnnxFunction.ReleaseValue, value);
        }

        foreach (var result in results)
        {
            OnnxApi.Release(OnnxFunction.ReleaseValue, result);
        }

        foreach (var pin in pins)
        {
            if (pin.IsAllocated)
            {
                pin.Free();
            }
        }
    }

    private static nint Create(string path, int threads)
    {
        nint options;
        nint session;
        var utf8 = Marshal.StringToCoTaskMemUTF8(path);
        OnnxApi.Check(((delegate* unmanaged<nint*, nint>)OnnxApi.Function(OnnxFunction.CreateSessionOptions))(&options));
        try
        {
            OnnxApi.Check(((delegate* unmanaged<nint, int, nint>)OnnxApi.Function(OnnxFunction.SetIntraOpNumThreads))(options, threads));
            OnnxApi.Check(((delegate* unmanaged<nint, int, nint>)OnnxApi.Function(OnnxFunction.SetInterOpNumThreads))(options, 1));
            OnnxApi.Check(((delegate* unmanaged<nint, nint, nint, nint*, nint>)OnnxApi.Function(OnnxFunction.CreateSession))(Environment.Value, utf8, options, &session));
            return session;
        }
        finally
        {
            Marshal.FreeCoTaskMem(utf8);
            OnnxApi.Release(OnnxFunction.ReleaseSessionOptions, options);
        }
    }

    // One for the whole process, as the library wants it. Errors come back as statuses, so it writes none itself.
    private static nint CreateEnvironment()
    {
        const int fatalOnly = 4;
        nint environment;
        fixed (byte* name = "slipway"u8)
        {
            OnnxApi.Check(((delegate* unmanaged<int, byte*, nint*, nint>)OnnxApi.Function(OnnxFunction.CreateEnv))(fatalOnly, name, &environment));
        }

        return environment;
    }
}
