using System.Buffers;
using Slipway.Server.Artifacts;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Begins a logged model, whose files come next.</summary>
internal sealed record CreateLoggedModel(long Experiment, string Name, string ModelType, string SourceRunId)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/:.%\"'");

    public string ModelId { get; } = $"m-{CreateRun.NewId()}";

    public required IReadOnlyList<Pair> Params { get; init; }

    public required IReadOnlyList<Pair> Tags { get; init; }

    public static CreateLoggedModel Decode(CreateLoggedModelRequest wire) =>
        new(Require.ExperimentId(wire.ExperimentId), CheckName(wire.Name), Text.Within(wire.ModelType ?? "", 500, "model_type"), Text.Within(wire.SourceRunId ?? "", Require.IdLimit, "source_run_id"))
        {
            Params = DecodePairs(wire.Params, "params", LogData.ParamValueLimit),
            Tags = DecodePairs(wire.Tags, "tags", LogData.TagValueLimit),
        };

    public static IReadOnlyList<Pair> DecodePairs(IReadOnlyList<Wire.KeyValue>? pairs, string name, int valueLimit) =>
        [.. TagList.Decode(pairs, name).Select(pair => new Pair(Text.Within(pair.Key, Keys.Limit, $"{name}.key"), Text.Truncate(pair.Value, valueLimit)))];

    public async Task<LoggedModelRow> WriteAsync(Writer writer, long now, CancellationToken cancellationToken)
    {
        var experiment = (await Experiments.ShareAsync(writer, [Experiment], cancellationToken)).GetValueOrDefault(Experiment) ?? throw Experiments.Unknown(Experiment);
        if (experiment.DeletedAt is not null)
        {
            throw Fault.Invalid($"The experiment {Experiment} must be in the 'active' state. Restore it first.");
        }

        var row = new LoggedModelRow(await writer.TakeIdsAsync("logged_models", 1, cancellationToken), ModelId, Experiment, Name)
        {
            ModelType = ModelType,
            SourceRunId = SourceRunId,
            ArtifactUri = ArtifactUri.Join(experiment.ArtifactLocation, $"models/{ModelId}/artifacts"),
            CreatedAt = now,
            UpdatedAt = now,
            Params = Params,
            Tags = Tags,
        };
        await LoggedModels.AddAsync(writer, row, cancellationToken);
        foreach (var param in Params)
        {
            await LoggedModels.AddParamAsync(writer, row.Id, param, cancellationToken);
        }

        foreach (var tag in Tags)
        {
            await LoggedModels.SetTagAsync(writer, row.Id, tag, cancellationToken);
        }

        return row;
    }

    private static string CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return RunNames.New();
        }

        return name.AsSpan().ContainsAny(Forbidden)
            ? throw Fault.Invalid($"Invalid model name '{Text.Shorten(name)}': it must not hold any of / : . % \" '.")
            : Text.Within(name, 500, "name");
    }
}
