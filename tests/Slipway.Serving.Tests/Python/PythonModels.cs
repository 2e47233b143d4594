using System.Runtime.CompilerServices;
using System.Text.Json;
using Slipway.Serving.Models;
using Slipway.Serving.Python;
using Slipway.Serving.Scoring;
using Slipway.Serving.Workers;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Python;

/// <summary>Models that Debian's Python has just made.</summary>
public sealed class PythonModels : IAsyncLifetime
{
    public const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("slipway-models-");

    public string Root => Path.Join(_root.FullName, "models");

    public async Task InitializeAsync()
    {
        if (await Command.TryRunAsync([Python, "-I", "-c", "import sklearn"]) is null)
        {
            var torch = await Command.TryRunAsync([Python, "-I", "-c", "import torch"]) is null;
            await Command.RunAsync([Python, "-I", Path.Join(Folder(), "make_models.py"), Root, .. torch ? ["torch"] : Array.Empty<string>()]);
        }
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    internal WorkerOptions Options(string model) => new(Path.Join(Root, model)) { Python = Python };

    /// <summary>The model that does what it is asked to; its code is trusted.</summary>
    internal WorkerOptions Yard => Options("yard") with { CodeTrusted = true };

    internal static Task<IScorer> OpenAsync(WorkerOptions options) => new PythonRuntime().OpenAsync(ModelFolder.Open(options.Model), options, CancellationToken.None);

    internal static Task<JsonElement> AskAsync(IScorer scorer, object what) => PredictAsync(scorer, new JsonInput(JsonSerializer.SerializeToElement(what), IsBare: false));

    internal static async Task<JsonElement> PredictAsync(IScorer scorer, ScoringInput input)
    {
        var output = await scorer.PredictAsync(new ScoringRequest(input, ScoringRequest.NoParameters), CancellationToken.None);
        return JsonDocument.Parse(Assert.IsType<JsonOutput>(output).Utf8).RootElement;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
