using System.Globalization;

namespace Slipway.Server.Tracking;

/// <summary>A row of <c>experiments</c>, with its tags.</summary>
internal sealed record ExperimentRow(long Id, string Name, string ArtifactLocation, long CreatedAt, long UpdatedAt, long? DeletedAt)
{
    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public Wire.Tracking.Experiment ToWire() => new()
    {
        ExperimentId = Id.ToString(CultureInfo.InvariantCulture),
        Name = Name,
        ArtifactLocation = ArtifactLocation,
        LifecycleStage = Lifecycle.Of(DeletedAt),
        LastUpdateTime = UpdatedAt,
        CreationTime = CreatedAt,
        Tags = Pair.ToWire(Tags),
    };
}

/// <summary>The names of being deleted and not.</summary>
internal static class Lifecycle
{
    public static string Of(long? deletedAt) => deletedAt is null ? "active" : "deleted";
}
