namespace Slipway.Server.Registry;

/// <summary>A change that brings a version into a stage.</summary>
internal interface IStageChange
{
    /// <summary>The model's name.</summary>
    string Name { get; }

    /// <summary>The version's number.</summary>
    long Version { get; }

    /// <summary>Where to, as the caller wrote it.</summary>
    string Stage { get; }

    /// <summary>What the version's files were just before the change waited for its turn; null where nobody looked.</summary>
    ObservedFiles? Observed { get; }
}

/// <summary>What a version's files were found to be.</summary>
/// <param name="Version">The internal id of the version.</param>
/// <param name="Digest">Over its files; null when the server does not hold them, or there are none.</param>
internal sealed record ObservedFiles(long Version, string? Digest)
{
    /// <summary>The first file that is not what it was, and in what; null when all are.</summary>
    public string? Difference { get; init; }
}
