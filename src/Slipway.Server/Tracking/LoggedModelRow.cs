using System.Globalization;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>A row of <c>logged_models</c>.</summary>
internal sealed record LoggedModelRow(long Id, string ModelId, long Experiment, string Name)
{
    public required string ModelType { get; init; }

    public required string SourceRunId { get; init; }

    public required string ArtifactUri { get; init; }

    public LoggedModelStatus Status { get; init; } = LoggedModelStatus.LoggedModelPending;

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public long? DeletedAt { get; init; }

    public IReadOnlyList<Pair> Params { get; init; } = [];

    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    public LoggedModel ToWire() => new(
        new LoggedModelInfo
        {
            ModelId = ModelId,
            ExperimentId = Experiment.ToString(CultureInfo.InvariantCulture),
            Name = Name,
            CreationTimestampMs = CreatedAt,
            LastUpdatedTimestampMs = UpdatedAt,
            ArtifactUri = ArtifactUri,
            Status = Status,
            ModelType = ModelType,
            SourceRunId = SourceRunId,
            Tags = Pair.ToWire(Tags),
        },
        new LoggedModelData(Pair.ToWire(Params), Metrics.Count == 0 ? null : Metrics));
}
