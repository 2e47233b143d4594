using System.Globalization;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>A row of <c>model_versions</c>, with its model's name.</summary>
internal sealed record ModelVersionRow(long Id, long Model, string Name, long Version)
{
    private const string Ready = "READY";

    public required string Stage { get; init; }

    /// <summary>Empty when created without one; null when an update cleared it.</summary>
    public string? Description { get; init; }

    public required string Source { get; init; }

    /// <summary>Where the files are, when the source is a reference to another model.</summary>
    public string? StorageLocation { get; init; }

    public required string RunId { get; init; }

    public required string RunLink { get; init; }

    public string? LoggedModelId { get; init; }

    /// <summary>Over the files that it consisted of when it was registered; null where the server does not hold the bytes.</summary>
    public string? ManifestDigest { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public string DownloadUri => StorageLocation ?? Source;

    public ModelVersion ToWire() => new()
    {
        Name = Name,
        Version = Version.ToString(CultureInfo.InvariantCulture),
        CreationTimestamp = CreatedAt,
        LastUpdatedTimestamp = UpdatedAt,
        CurrentStage = Stage,
        Description = Description,
        Source = Source,
        RunId = RunId,
        Status = Ready,
        RunLink = RunLink,
        ModelId = LoggedModelId,
        Tags = Pair.ToWire(Tags),
        Aliases = Aliases.Count == 0 ? null : Aliases,
    };
}
