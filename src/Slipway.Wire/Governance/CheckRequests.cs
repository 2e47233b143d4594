namespace Slipway.Wire.Governance;

/// <summary>GET models/{name}/versions/{version}/check.</summary>
/// <param name="Stage">Required; where to.</param>
public sealed record CheckRequest(string? Stage);

/// <summary>Whether a version may enter a stage now. The same code decides when it is promoted.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version's number, as digits.</param>
/// <param name="Stage">Where to, in its own spelling.</param>
/// <param name="Met">Whether every gate is met.</param>
/// <param name="Gates">Every gate; empty where no pipeline applies.</param>
/// <param name="Archives">The numbers of the versions that would leave the stage by the pipeline's rules.</param>
/// <param name="MayPromote">Whether the caller may bring it there, once every gate is met.</param>
public sealed record CheckResponse(string Name, string Version, string Stage, bool Met, IReadOnlyList<GateCheck> Gates, IReadOnlyList<string> Archives, bool MayPromote)
{
    /// <summary>The pipeline in force; absent where none applies.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Its version.</summary>
    public long? PipelineVersion { get; init; }

    /// <summary>What an approval would be given to; see docs/pipelines.md.</summary>
    public string? Digest { get; init; }

    /// <summary>When it will be met, in milliseconds since 1970, if time alone is missing.</summary>
    public long? MetAt { get; init; }

    /// <summary>The time of the check, in milliseconds since 1970.</summary>
    public required long CheckedAt { get; init; }
}

/// <summary>What a gate wants and what it found.</summary>
/// <param name="Gate">Its name, such as <c>metric accuracy</c>.</param>
/// <param name="Met">Whether it lets pass.</param>
/// <param name="Required">In words, such as <c>at least 0.85</c>.</param>
/// <param name="Measured">In words, such as <c>0.8312</c>.</param>
public sealed record GateCheck(string Gate, bool Met, string Required, string Measured)
{
    /// <summary>Where the evidence is, such as <c>runs/3f…</c>; absent when there is none.</summary>
    public string? Evidence { get; init; }

    /// <summary>When it will be met, in milliseconds since 1970, where only time is missing.</summary>
    public long? MetAt { get; init; }
}
