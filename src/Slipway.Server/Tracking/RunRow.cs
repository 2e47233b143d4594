using System.Globalization;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>A row of <c>runs</c>.</summary>
internal sealed record RunRow(long Id, string RunId, long Experiment, string Name)
{
    public required string UserId { get; init; }

    public required string Status { get; init; }

    public required long StartTime { get; init; }

    public long? EndTime { get; init; }

    public required string ArtifactUri { get; init; }

    public long? DeletedAt { get; init; }

    public RunInfo ToWire() => new()
    {
        ExperimentId = Experiment.ToString(CultureInfo.InvariantCulture),
        RunName = Name,
        UserId = UserId,
        Status = Status,
        StartTime = StartTime,
        EndTime = EndTime,
        ArtifactUri = ArtifactUri,
        LifecycleStage = Lifecycle.Of(DeletedAt),
        RunId = RunId,
    };
}
