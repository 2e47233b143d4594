using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>pipelines</c> and <c>pipeline_versions</c>.</summary>
internal static class Pipelines
{
    /// <summary>The pipeline in force for a model; null when none is.</summary>
    public static async Task<Pipeline?> FindForAsync(Reader reader, string model, CancellationToken cancellationToken)
    {
        var applied = await reader.ListAsync(
            $"select v.text from pipelines p join pipeline_versions v on v.pipeline = p.id and v.version = p.version",
            row => row.GetString(0),
            cancellationToken);
        return applied.Count == 0 ? null : throw new InvalidOperationException($"Pipelines can't be read yet; {model} may have one.");
    }

    /// <summary>The stage of a model that a text names: one of its pipeline's, or of the standard ones without a pipeline.</summary>
    /// <exception cref="Fault">The model has no such stage.</exception>
    public static async Task<string> ReadStageAsync(Reader reader, string model, string text, CancellationToken cancellationToken) =>
        await FindForAsync(reader, model, cancellationToken) is { } pipeline ? pipeline.FindStage(text)?.Name ?? StageName.Parse(text) : StageName.Parse(text);
}
