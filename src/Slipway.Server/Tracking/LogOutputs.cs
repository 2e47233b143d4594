using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Names the logged models that a run made.</summary>
internal sealed record LogOutputs(string RunId, IReadOnlyList<(string ModelId, long Step)> Models)
{
    public static LogOutputs Decode(LogOutputsRequest wire) => new(
        Require.RunId(wire.RunId),
        [.. Require.Item(wire.Models, "models").Select((model, index) => (Require.Id(model?.ModelId, $"models[{index}].model_id"), model!.Step ?? 0))]);

    public async Task<bool> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        foreach (var (modelId, step) in Models)
        {
            await RunModels.SetOutputAsync(writer, run.Id, (modelId, step), cancellationToken);
        }

        return true;
    }
}
