using Slipway.Serving.Models;
using Slipway.Serving.Onnx;
using Slipway.Serving.Python;

namespace Slipway.Serving.Workers;

/// <summary>The ways to load models, the one that is asked first at the top.</summary>
internal static class Runtimes
{
    public static IReadOnlyList<IRuntime> All { get; } = [new OnnxRuntime(), new PythonRuntime()];

    /// <summary>The runtime that is named, or the first that takes the model.</summary>
    /// <exception cref="ModelFormatException">There is none.</exception>
    public static IRuntime Choose(ModelFolder folder, string? name)
    {
        var names = string.Join(", ", All.Select(runtime => runtime.Name));
        if (name is not null)
        {
            return All.FirstOrDefault(runtime => runtime.Name == name) ?? throw new ModelFormatException($"There is no runtime '{name}'; there are: {names}.");
        }

        return All.FirstOrDefault(runtime => runtime.Takes(folder)) ?? throw new ModelFormatException(folder.Model is { } model
            ? $"The model has the flavors {string.Join(", ", model.Flavors.Keys)}, and none of the runtimes here takes it: {names}."
            : $"The folder has neither an {ModelFolder.ModelFile} file nor an .onnx file, nor one that Python loads: {string.Join(", ", PythonLayout.BareFiles)}.");
    }
}
