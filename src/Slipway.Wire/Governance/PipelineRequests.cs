namespace Slipway.Wire.Governance;

/// <summary>POST pipelines: puts the pipeline of a file in force. The header <c>If-Match</c> may name the version that the caller has seen.</summary>
/// <param name="Text">Required; the YAML, up to 64 KiB.</param>
/// <param name="DryRun">Only say what it would come to; false unless told otherwise.</param>
public sealed record ApplyPipelineRequest(string? Text, bool? DryRun);

/// <summary>What applying came to.</summary>
/// <param name="Pipeline">What is in force now; in a dry run, what would be.</param>
/// <param name="Changed">False when the very same text was in force already.</param>
/// <param name="Reach">Which models and versions it governs.</param>
public sealed record AppliedPipelineResponse(PipelineVersion Pipeline, bool Changed, PipelineReach Reach);

/// <summary>The pipelines in force.</summary>
/// <param name="Pipelines">By name, without their texts; may be empty.</param>
public sealed record PipelinesResponse(IReadOnlyList<PipelineVersion> Pipelines);

/// <summary>A version of a pipeline.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Version">Counts from 1, over everything that was ever applied under the name.</param>
/// <param name="Models">The pattern of the names of its models; <c>*</c> is any run of characters.</param>
/// <param name="Stages">In their order; <c>None</c> and <c>Archived</c> are always there besides.</param>
public sealed record PipelineVersion(string Name, long Version, string Models, IReadOnlyList<PipelineStageSummary> Stages)
{
    /// <summary>What its file says of it.</summary>
    public string? Description { get; init; }

    /// <summary>SHA-256 of its text, in lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Who applied it; absent in a dry run.</summary>
    public string? AppliedBy { get; init; }

    /// <summary>When, in milliseconds since 1970; absent in a dry run.</summary>
    public long? AppliedAt { get; init; }

    /// <summary>Whether this is the version that decides now.</summary>
    public bool InForce { get; init; }

    /// <summary>The file as it was applied; absent in lists.</summary>
    public string? Text { get; init; }
}

/// <summary>A stage of a pipeline, without its gates.</summary>
/// <param name="Name">In its own spelling.</param>
public sealed record PipelineStageSummary(string Name)
{
    /// <summary>The group that may promote into it, besides those to whom it is granted.</summary>
    public string? Promoters { get; init; }

    /// <summary>The alias that points to the version that entered it last.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether those in the stage leave when another enters.</summary>
    public bool ArchiveExisting { get; init; }

    /// <summary>How many versions may be in it; absent for any number.</summary>
    public long? Limit { get; init; }
}

/// <summary>Which models a pipeline decides about, and how their versions would fare. Only a report: nothing moves by it.</summary>
/// <param name="Models">The names of its models.</param>
/// <param name="Versions">Their versions in stages other than <c>None</c> and <c>Archived</c>.</param>
/// <param name="Complete">False when there are more than were looked at.</param>
public sealed record PipelineReach(IReadOnlyList<string> Models, IReadOnlyList<ReachedVersion> Versions, bool Complete);

/// <summary>A version in a stage.</summary>
/// <param name="Name">Its model.</param>
/// <param name="Version">Its number, as digits.</param>
/// <param name="Stage">Where it is.</param>
/// <param name="Unmet">What speaks against it by the evidence of today, each with what is measured and required; empty when nothing does.</param>
public sealed record ReachedVersion(string Name, string Version, string Stage, IReadOnlyList<string> Unmet);
