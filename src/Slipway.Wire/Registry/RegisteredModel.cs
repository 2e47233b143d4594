namespace Slipway.Wire.Registry;

/// <summary>A named model with numbered versions.</summary>
public sealed record RegisteredModel
{
    /// <summary>Unique; case-sensitive; up to 256 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public required long CreationTimestamp { get; init; }

    /// <summary>When it or one of its versions changed last, tags and aliases aside; milliseconds since 1970, UTC.</summary>
    public required long LastUpdatedTimestamp { get; init; }

    /// <summary>Absent when empty.</summary>
    public string? Description { get; init; }

    /// <summary>For each stage that holds a version, the highest one in it; absent when there are none.</summary>
    public IReadOnlyList<ModelVersion>? LatestVersions { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<ModelAlias>? Aliases { get; init; }
}

/// <summary>A name that points to one version of a model.</summary>
/// <param name="Alias">Case-sensitive; letters, digits, <c>_</c> and <c>-</c>.</param>
/// <param name="Version">The number of the version, in digits.</param>
public sealed record ModelAlias(string Alias, string Version);

/// <summary>One registration of a model.</summary>
public sealed record ModelVersion
{
    /// <summary>The name of its model.</summary>
    public required string Name { get; init; }

    /// <summary>Its number in digits, from 1; never used twice in a model's life.</summary>
    public required string Version { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public required long CreationTimestamp { get; init; }

    /// <summary>When it changed last, tags and aliases aside; milliseconds since 1970, UTC.</summary>
    public required long LastUpdatedTimestamp { get; init; }

    /// <summary><c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>.</summary>
    public required string CurrentStage { get; init; }

    /// <summary>Empty when created without one; absent when an update cleared it.</summary>
    public string? Description { get; init; }

    /// <summary>Where its files are, as it was given.</summary>
    public required string Source { get; init; }

    /// <summary>The run that made it, as it was given; may be empty.</summary>
    public required string RunId { get; init; }

    /// <summary>Always <c>READY</c>: clients poll for minutes on anything else.</summary>
    public required string Status { get; init; }

    /// <summary>A link to the run; may be empty.</summary>
    public required string RunLink { get; init; }

    /// <summary>The logged model that it was registered from; absent when there was none.</summary>
    public string? ModelId { get; init; }

    /// <summary>Absent when there are none.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>The aliases that point to it; absent when there are none.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }
}
