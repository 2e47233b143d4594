using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Names the datasets and logged models that a run uses; naming one again changes nothing.</summary>
internal sealed record LogInputs(string RunId, IReadOnlyList<InputDataset> Datasets, IReadOnlyList<string> ModelIds)
{
    public static LogInputs Decode(LogInputsRequest wire) => new(
        Require.RunId(wire.RunId),
        [.. (wire.Datasets ?? []).Select((input, index) => Decode(input, $"datasets[{index}]"))],
        [.. (wire.Models ?? []).Select((model, index) => Require.Id(model?.ModelId, $"models[{index}].model_id"))]);

    public async Task<bool> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        foreach (var input in Datasets)
        {
            await InputDatasets.LinkAsync(writer, run, input, cancellationToken);
        }

        foreach (var modelId in ModelIds)
        {
            await RunModels.AddInputAsync(writer, run.Id, modelId, cancellationToken);
        }

        return true;
    }

    private static InputDataset Decode(DatasetInput? input, string path)
    {
        var dataset = Require.Item(input?.Dataset, $"{path}.dataset");
        return new InputDataset(
            Text.Within(Require.Text(dataset.Name, $"{path}.dataset.name"), InputDataset.NameLimit, $"{path}.dataset.name"),
            Text.Within(Require.Text(dataset.Digest, $"{path}.dataset.digest"), InputDataset.DigestLimit, $"{path}.dataset.digest"),
            Require.Text(dataset.SourceType, $"{path}.dataset.source_type"),
            Text.Within(Require.Text(dataset.Source, $"{path}.dataset.source"), 65535, $"{path}.dataset.source"))
        {
            Schema = dataset.Schema is { } schema ? Text.Within(schema, 1048575, $"{path}.dataset.schema") : null,
            Profile = dataset.Profile is { } profile ? Text.Within(profile, 16777215, $"{path}.dataset.profile") : null,
            Tags = Decode(input!.Tags ?? [], path),
        };
    }

    private static List<Pair> Decode(IReadOnlyList<KeyValue> tags, string path)
    {
        var decoded = new List<Pair>(tags.Count);
        foreach (var tag in tags)
        {
            var key = Text.Within(Require.Text(tag?.Key, $"{path}.tags.key"), 255, $"{path}.tags.key");
            if (decoded.Exists(other => other.Key == key))
            {
                throw new Fault(FaultKind.Contradictory, $"The tag '{Text.Shorten(key)}' stands twice in {path}.tags.");
            }

            decoded.Add(new Pair(key, Text.Within(tag!.Value ?? "", 500, $"{path}.tags.value")));
        }

        return decoded;
    }
}
