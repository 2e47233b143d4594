using Slipway.Serving.Models;
using Slipway.Serving.Scoring;
using Slipway.Serving.Workers;

namespace Slipway.Serving.Onnx;

/// <summary>Loads models that have an <c>onnx</c> flavor, and bare <c>.onnx</c> files.</summary>
internal sealed class OnnxRuntime : IRuntime
{
    private const string Ending = ".onnx";

    public string Name => "onnx";

    public bool Takes(ModelFolder folder) => folder.Model is null ? folder.FilesEndingWith(Ending).Count > 0 : folder.Model.Flavors.ContainsKey(MlModel.OnnxFlavor);

    public Task<IScorer> OpenAsync(ModelFolder folder, WorkerOptions options, CancellationToken cancellationToken)
    {
        if (OnnxApi.Missing is { } missing)
        {
            throw new ModelFormatException(missing);
        }

        var file = FindFile(folder);
        return Task.Run<IScorer>(
            () =>
            {
                try
                {
                    var scorer = new OnnxScorer(file, options.Sessions, options.Threads);
                    return options.BatchRows > 1 ? new BatchingScorer(scorer, options.BatchRows, options.BatchWait) : scorer;
                }
                catch (OnnxException exception)
                {
                    throw new ModelFormatException($"ONNX Runtime can't load {Path.GetFileName(file)}: {exception.Message}", exception);
                }
            },
            cancellationToken);
    }

    private static string FindFile(ModelFolder folder)
    {
        if (folder.Model is { } model)
        {
            return folder.Get(model.Flavors[MlModel.OnnxFlavor]["data"] ?? "model" + Ending);
        }

        var files = folder.FilesEndingWith(Ending);
        return files.Count == 1
            ? folder.Get(files[0])
            : throw new ModelFormatException($"The folder has no MLmodel file and {files.Count} {Ending} files ({string.Join(", ", files)}): leave one of them there.");
    }
}
