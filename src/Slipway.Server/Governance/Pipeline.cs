namespace Slipway.Server.Governance;

/// <summary>The ordered stages that the versions of some models go through, with the gates in front of each.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Version">Counts how often it was applied.</param>
/// <param name="Models">The pattern of the names of its models; <c>*</c> stands for any run of characters.</param>
/// <param name="Stages">In their order. <c>None</c> and <c>Archived</c> are always there besides, without gates.</param>
internal sealed record Pipeline(string Name, long Version, string Models, IReadOnlyList<PipelineStage> Stages)
{
    /// <summary>What its file says of it.</summary>
    public string? Description { get; init; }

    /// <summary>The stage of this name, whatever its letter case; null when there is none.</summary>
    public PipelineStage? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>How many stages come before this one.</summary>
    public int PlaceOf(PipelineStage stage) => Stages.TakeWhile(other => other.Name != stage.Name).Count();
}

/// <summary>One stage of a pipeline, and what it asks for.</summary>
internal sealed record PipelineStage(string Name)
{
    public IReadOnlyList<IGate> Gates { get; init; } = [];

    /// <summary>The group whose members may promote into the stage and out of it, besides those to whom it is granted.</summary>
    public string? Promoters { get; init; }

    /// <summary>The alias that always points to the version that entered the stage last.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether the versions in the stage leave when another enters.</summary>
    public bool ArchivesExisting { get; init; } = true;

    /// <summary>How many versions may be in the stage; null for any number.</summary>
    public int? Limit { get; init; }

    /// <summary>What happens when the limit is reached: the oldest is archived, else the entry is refused.</summary>
    public bool ArchivesOldest { get; init; } = true;

    /// <summary>Whether a version whose promotion was rejected is archived.</summary>
    public bool ArchivesRejected { get; init; }

    /// <summary>Whether a promotion into the stage is asked for when a version is registered, and goes through by itself.</summary>
    public bool OnRegistration { get; init; }

    /// <summary>What the tests are held against that Slipway runs by itself when a promotion lacks them; null leaves them to others.</summary>
    public TestSettings? Testing { get; init; }

    /// <summary>How long a promotion waits for what it lacks.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(14);

    /// <summary>The approvals that it asks for; null when none.</summary>
    public ApprovalsGate? Approvals => Gates.OfType<ApprovalsGate>().FirstOrDefault();
}
